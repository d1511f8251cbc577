package dev.lastcall.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Clients of every kind at a steady pace: keep-alive and fresh connections, unary and streams, busy and seldom. */
final class Load implements AutoCloseable {
    private static final int BUSY_MS = 200;
    /** Longer than a lame duck at its minimum: these find their connections closed while idle. */
    private static final int SELDOM_MS = 3100;

    private static final int CLIENTS = 12;
    private static final String UNARY = "\"tokens\":2}";
    private static final String COMPLETED = "\"reason\":\"completed\"";

    private final Caller.Tally tally = new Caller.Tally();
    private final List<Caller> callers = new ArrayList<>();
    private final ScheduledExecutorService pace = Executors.newScheduledThreadPool(CLIENTS);
    private final long began = System.nanoTime();
    private final int port;

    private Load(int port) {
        this.port = port;
    }

    static Load on(int port) {
        Load load = new Load(port);
        for (int i = 0; i < 3; i++) {
            load.begin("/agent/run", "count to 2", UNARY, true, BUSY_MS);
            load.begin("/agent/run", "count to 2", UNARY, true, SELDOM_MS);
        }
        for (int i = 0; i < 2; i++) {
            load.begin("/agent/run", "count to 2", UNARY, false, BUSY_MS);
            load.begin("/agent/stream", "count to 10", COMPLETED, true, BUSY_MS);
            load.begin("/agent/stream", "count to 100", COMPLETED, false, BUSY_MS);
        }
        return load;
    }

    private void begin(String path, String input, String expected, boolean keepsAlive, int everyMs) {
        Caller caller = new Caller(port, path, input, expected, keepsAlive, tally);
        callers.add(caller);
        var unused = pace.scheduleAtFixedRate(caller, callers.size() * 17L, everyMs, MILLISECONDS);
    }

    Caller.Tally tally() {
        return tally;
    }

    /** Answers per second since the beginning. */
    double rate() {
        return tally.served().sum() * 1e9 / (System.nanoTime() - began);
    }

    /** Sends no more, and waits for the answers that are due. */
    void finish() throws InterruptedException {
        pace.shutdown();
        if (!pace.awaitTermination(60, SECONDS)) {
            throw new AssertionError("answers are due after 60 s: " + tally);
        }
    }

    @Override
    public void close() {
        pace.shutdownNow();
        callers.forEach(Caller::close);
    }
}
