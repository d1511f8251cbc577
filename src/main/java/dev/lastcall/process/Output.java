package dev.lastcall.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A program's output line by line, and the last lines of it. A line ends by LF, CR LF, or by a CR that a progress bar begins again with. Each goes to
 * the listener as it comes, while the program waits; memory keeps a few. Bytes that are no UTF-8 come as U+FFFD. Thread-safe.
 */
final class Output {
    static final int KEPT = 20;
    /** Longer lines are logged in parts. */
    static final int LONGEST_LINE = 8 * 1024;

    private final Deque<String> last = new ArrayDeque<>();
    private final Consumer<String> listener;
    private final Runnable unfinished;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final StringBuilder line = new StringBuilder();
    private boolean lineFeedBelongsToLast;
    private volatile String beginning = "";
    /** How often something was read. */
    private final AtomicInteger reads = new AtomicInteger();

    Output(Consumer<String> listener) {
        this(listener, () -> {});
    }

    /**
     * Creates an output that also tells of lines that have begun.
     *
     * @param unfinished run when something was read that is no whole line yet; {@link #beginning()} is what it is
     */
    Output(Consumer<String> listener, Runnable unfinished) {
        this.listener = listener;
        this.unfinished = unfinished;
    }

    /** Reads, on a thread of its own, until the program and all that inherited its output have closed it. */
    void follow(InputStream stream, String name) {
        Thread reader = new Thread(() -> read(stream), "lastcall-output-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream stream) {
        char[] buffer = new char[LONGEST_LINE];
        try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            for (int length = reader.read(buffer); length >= 0; length = reader.read(buffer)) {
                reads.incrementAndGet();
                for (int i = 0; i < length; i++) {
                    add(buffer[i]);
                }
                tellBeginning();
            }
        } catch (IOException e) {
            // The program has gone; nothing more will come.
        } finally {
            if (!line.isEmpty()) {
                endLine();
            }
            beginning = "";
            ended.complete(null);
        }
    }

    private void tellBeginning() {
        beginning = line.toString();
        if (!line.isEmpty()) {
            unfinished.run();
        }
    }

    private void add(char next) {
        boolean belongsToLast = next == '\n' && lineFeedBelongsToLast;
        lineFeedBelongsToLast = false;
        if (belongsToLast) {
            return;
        }
        if (next == '\r') {
            // Before anything else on a line it is where a progress bar begins.
            if (!line.isEmpty()) {
                lineFeedBelongsToLast = true;
                endLine();
            }
            return;
        }
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
        String text = line.toString();
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

    /** Returns a number that is another one where something was read meanwhile. */
    int progress() {
        return reads.get();
    }

    /** Returns the part of a line that has not ended; empty where the last one has. */
    String beginning() {
        return beginning;
    }

    /** Returns the last lines, at most 20, oldest first, with the part of an unfinished one. */
    synchronized List<String> lastLines() {
        List<String> lines = new ArrayList<>(last);
        if (!beginning.isEmpty()) {
            lines.add(beginning);
        }
        return lines;
    }
}
