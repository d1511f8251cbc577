package dev.lastcall.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A program's output line by line, and the last lines of it. Each line goes to the listener as it comes, and memory keeps a few. Thread-safe. */
final class Output {
    private static final int KEPT = 20;
    /** Longer lines are told in parts. */
    private static final int LONGEST_LINE = 8 * 1024;

    private final Deque<String> last = new ArrayDeque<>();
    private final Consumer<String> listener;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Output(Consumer<String> listener) {
        this.listener = listener;
    }

    /** Reads until the program and whoever inherited its output have closed it, on a thread of its own. */
    void follow(InputStream stream, String name) {
        Thread reader = new Thread(() -> read(stream), "lastcall-output-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream stream) {
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            for (int next = reader.read(); next >= 0; next = reader.read()) {
                if (next != '\n') {
                    line.append((char) next);
                }
                if (next == '\n' || line.length() == LONGEST_LINE) {
                    add(line);
                }
            }
            if (!line.isEmpty()) {
                add(line);
            }
        } catch (IOException e) {
            // The program has gone; nothing more will come.
        } finally {
            ended.complete(null);
        }
    }

    private void add(StringBuilder line) {
        String text = line.toString().stripTrailing();
        line.setLength(0);
        synchronized (this) {
            if (last.size() == KEPT) {
                last.removeFirst();
            }
            last.addLast(text);
        }
        listener.accept(text);
    }

    /** Completed when everybody who could write has closed it. */
    CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    /** At most 20 of them, oldest first. */
    synchronized List<String> lastLines() {
        return List.copyOf(last);
    }
}
