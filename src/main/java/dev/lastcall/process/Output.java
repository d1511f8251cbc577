package dev.lastcall.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A program's output line by line, and the last lines of it. Each line goes to the listener as it comes, while the program waits; memory
 * keeps a few. What is no UTF-8 comes as U+FFFD. Thread-safe.
 */
final class Output {
    static final int KEPT = 20;
    /** Longer lines are told in parts. */
    static final int LONGEST_LINE = 8 * 1024;

    private final Deque<String> last = new ArrayDeque<>();
    private final Consumer<String> listener;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final StringBuilder line = new StringBuilder();

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
        char[] buffer = new char[LONGEST_LINE];
        try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            for (int length = reader.read(buffer); length >= 0; length = reader.read(buffer)) {
                for (int i = 0; i < length; i++) {
                    add(buffer[i]);
                }
            }
        } catch (IOException e) {
            // The program has gone; nothing more will come.
        } finally {
            if (!line.isEmpty()) {
                endLine();
            }
            ended.complete(null);
        }
    }

    private void add(char next) {
        if (next != '\n') {
            line.append(next);
        }
        // Two halves of one character would be none in two lines.
        boolean full = line.length() >= LONGEST_LINE && !Character.isHighSurrogate(next);
        if (next == '\n' || full) {
            endLine();
        }
    }

    private void endLine() {
        int length = line.length();
        boolean carriageReturn = length > 0 && line.charAt(length - 1) == '\r';
        String text = line.substring(0, carriageReturn ? length - 1 : length);
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
