package dev.lastcall.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that asks again and again while others misbehave: one connection for each request, as a new client has. */
public final class NormalClient implements AutoCloseable {
    private final List<Duration> times = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final int port;
    private final String path;
    private final Thread thread;

    public NormalClient(int port, String path) {
        this.port = port;
        this.path = path;
        thread = new Thread(this::run, "normal-client");
        thread.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            long began = System.nanoTime();
            try (RawClient client = new RawClient(port)) {
                String answer = client.get(path).readAnswer();
                if (!answer.startsWith("HTTP/1.1 200")) {
                    failures.add(new AssertionError(answer));
                }
            } catch (Exception | AssertionError e) {
                failures.add(e);
            }
            times.add(Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** Forgets what it has measured so far. */
    public void restart() {
        times.clear();
    }

    public int count() {
        return times.size();
    }

    public List<Throwable> failures() {
        return failures;
    }

    public Duration percentile(int percent) {
        List<Duration> sorted = times.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    /** Returns when it asks no more. */
    public void stop() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
