package dev.lastcall.run;

import dev.lastcall.testing.Pod;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of the native wire that wants its whole run: where its stream is cut, goes silent or ends with {@code shutdown}, it goes on
 * after the last id that it has, on any pod. Of one thread; what it has heard may be read by others.
 */
final class RunClient {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration OUTAGES = Duration.ofMinutes(5);
    private static final int BACK_OFF_MS = 100;

    private final Supplier<List<Pod>> pods;
    private final int silenceMs;
    private final int stay;
    private final List<String> tokens = new ArrayList<>();
    private Duration patience = PATIENCE;
    private int pauseMs;
    private @Nullable SeenEvents seen;
    private @Nullable String run;
    private @Nullable JsonObject end;
    private long lastId = -1;
    private int connections;
    private long heardAt;
    private long longestGap;

    /** @param silence after which a stream is taken for dead */
    RunClient(Supplier<List<Pod>> pods, Duration silence) {
        this(pods, silence, Integer.MAX_VALUE);
    }

    /** @param stay how many tokens it hears on one connection before it leaves and goes on at any other pod, or the same; negative: it reads no event */
    RunClient(Supplier<List<Pod>> pods, Duration silence, int stay) {
        this.pods = pods;
        this.stay = stay;
        silenceMs = (int) silence.toMillis();
    }

    /** Tells what it hears, and bears outages of minutes. */
    RunClient telling(SeenEvents all) {
        seen = all;
        patience = OUTAGES;
        return this;
    }

    /** Reads no event for so long after each. */
    RunClient slowly(int milliseconds) {
        pauseMs = milliseconds;
        return this;
    }

    /** Follows a run that is there from its first event, instead of one of its own. */
    RunClient of(String other) {
        run = other;
        return this;
    }

    /** Begins a run, hears what comes on one connection, and never comes back. */
    void leave(String input) {
        try {
            follow(input);
        } catch (IOException e) {
            // Nobody cares.
        }
    }

    /** Begins a run and returns with its end, or fails. */
    RunClient complete(String input) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!isComplete()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not complete after " + patience + ": " + this);
            }
            try {
                follow(input);
            } catch (IOException e) {
                backOff();
            }
        }
        return this;
    }

    private synchronized boolean isComplete() {
        return end != null && !reason().equals("shutdown");
    }

    private void follow(String input) throws IOException {
        List<Pod> open = pods.get();
        if (open.isEmpty()) {
            throw new IOException("no pod serves");
        }
        Pod pod = open.get(ThreadLocalRandom.current().nextInt(open.size()));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), pod.httpPort())) {
            socket.setSoTimeout(silenceMs);
            socket.getOutputStream().write(request(input).getBytes(StandardCharsets.UTF_8));
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            head(reader);
            if (stay >= 0) {
                events(reader);
            }
        }
    }

    private String request(String input) {
        String body = new JsonObject().put("input", input).encode();
        return run == null
                ? "POST /agent/stream HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body
                : "GET /agent/runs/" + run + "/events HTTP/1.1\r\nHost: test\r\nLast-Event-ID: " + lastId + "\r\n\r\n";
    }

    private void head(BufferedReader reader) throws IOException {
        String status = line(reader);
        String named = null;
        for (String line = line(reader); !line.isEmpty(); line = line(reader)) {
            if (line.startsWith("x-run-id: ")) {
                named = line.substring("x-run-id: ".length());
            }
        }
        if (status.startsWith("HTTP/1.1 503")) {
            throw new IOException(status);
        }
        if (!status.startsWith("HTTP/1.1 200") || named == null || (run != null && !named.equals(run))) {
            throw new AssertionError(status + " for run " + named + " (expected: 200 and " + run + ") " + this);
        }
        run = named;
        connections++;
    }

    /** Each event is a chunk of its own; the lines of chunk lengths between them are neither ids nor data. */
    private void events(BufferedReader reader) throws IOException {
        long id = -1;
        int last = stay == Integer.MAX_VALUE ? stay : tokens.size() + stay;
        for (String line = line(reader); !line.equals("0"); line = line(reader)) {
            if (line.startsWith("id: ")) {
                id = Long.parseLong(line.substring("id: ".length()));
            } else if (line.startsWith("data: ")) {
                hear(id, new JsonObject(line.substring("data: ".length())));
                pause(pauseMs);
                if (tokens.size() >= last) {
                    return;
                }
            }
        }
    }

    private synchronized void hear(long id, JsonObject event) {
        long now = System.nanoTime();
        if (event.getString("type").equals("end")) {
            end = event;
            return;
        }
        if (event.getInteger("n") != tokens.size() || id <= lastId) {
            throw new AssertionError(event + " with id " + id + " after id " + lastId + ": " + this);
        }
        if (heardAt != 0) {
            longestGap = Math.max(longestGap, now - heardAt);
        }
        heardAt = now;
        lastId = id;
        tokens.add(event.getString("text"));
        if (seen != null && run != null) {
            seen.note(run, id, event.getString("text"), Thread.currentThread().getName());
        }
    }

    private static String line(BufferedReader reader) throws IOException {
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("cut");
        }
        return line;
    }

    private static void backOff() {
        pause(BACK_OFF_MS);
    }

    private static void pause(int milliseconds) {
        try {
            var unused = milliseconds > 0 && new CountDownLatch(1).await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    synchronized List<String> tokens() {
        return List.copyOf(tokens);
    }

    synchronized String reason() {
        return end == null ? "" : end.getString("reason");
    }

    @Nullable
    String run() {
        return run;
    }

    /** Returns the number of its streams. */
    int connections() {
        return connections;
    }

    /** Between two tokens. */
    synchronized Duration longestGap() {
        return Duration.ofNanos(longestGap);
    }

    @Override
    public synchronized String toString() {
        return "run " + run + " after " + tokens.size() + " tokens, connection " + connections + ", end " + end;
    }
}
