package dev.lastcall.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of a process as they come. Waiting ends with the line, the end of the output or the timeout. */
final class Output {

    private final List<String> lines = new ArrayList<>();
    private boolean ended;
    private boolean unread;

    /** Collects until the stream ends. */
    Output(InputStream stream, String name) {
        Thread reader = new Thread(() -> read(stream), name);
        reader.setDaemon(true);
        reader.start();
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** The first match, also in a line that has come already. */
    synchronized MatchResult await(Pattern pattern, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (int next = 0; ; next++) {
            long left = deadline - System.nanoTime();
            while (next == lines.size() && !ended && left > 0) {
                wait(left / 1_000_000, (int) (left % 1_000_000));
                left = deadline - System.nanoTime();
            }
            if (next == lines.size()) {
                throw new AssertionError("no line like /%s/ %s:%n%s"
                        .formatted(pattern, ended ? "before the end" : "in " + timeout, String.join("\n", lines)));
            }
            Matcher matcher = pattern.matcher(lines.get(next));
            if (matcher.find()) {
                return matcher.toMatchResult();
            }
        }
    }

    /** Blocks until the process has closed its output, so that {@link #lines()} is complete. */
    synchronized void awaitEnd(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        long left = timeout.toNanos();
        while (!ended && left > 0) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = deadline - System.nanoTime();
        }
    }

    private void read(InputStream stream) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
                awaitReading();
            }
        } catch (IOException e) {
            add("output lost: " + e);
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    /** From now on nobody reads it, until it is read again. */
    synchronized void read(boolean wanted) {
        unread = !wanted;
        notifyAll();
    }

    private synchronized void awaitReading() {
        while (unread) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
