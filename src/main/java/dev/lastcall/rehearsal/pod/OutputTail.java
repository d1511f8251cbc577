package dev.lastcall.rehearsal.pod;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The last lines of what a program writes; all of it is read, so that its writes never wait. Thread-safe. */
final class OutputTail {
    private static final int MOST_LINES = 40;
    private static final int LONGEST_LINE = 400;
    private static final int BUFFER = 16 * 1024;
    private static final long LAST_WORDS_MILLIS = 500;

    private final Deque<String> lines = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Reads to the end, on a thread of its own. */
    void follow(InputStream output, String name) {
        Thread reader = new Thread(() -> read(output), "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream output) {
        byte[] buffer = new byte[BUFFER];
        try (output) {
            for (int length = output.read(buffer); length >= 0; length = output.read(buffer)) {
                take(buffer, length);
            }
        } catch (IOException e) {
            // The program has ended.
        } finally {
            ended.countDown();
        }
    }

    private synchronized void take(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                endLine();
            } else if (line.size() < LONGEST_LINE) {
                line.write(bytes[i]);
            }
        }
    }

    private void endLine() {
        lines.addLast(line.toString(StandardCharsets.UTF_8)
                .replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "")
                .replaceAll("\\p{Cntrl}", ""));
        line.reset();
        if (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
    }

    /** Returns the last lines; of a program that has just ended, after a moment for its last words. */
    List<String> lines(boolean over) {
        if (over) {
            try {
                ended.await(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (this) {
            if (line.size() > 0) {
                endLine();
            }
            return List.copyOf(lines);
        }
    }
}
