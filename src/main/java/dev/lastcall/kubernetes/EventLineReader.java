package dev.lastcall.kubernetes;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** Splits a watch into its events, one a line, in whatever parts it comes. A line beyond the limit is skipped and told. Not thread-safe. */
final class EventLineReader {
    private static final byte LINE_FEED = '\n';

    private final int longest;
    private final Consumer<Buffer> line;
    private final Runnable skipped;
    private Buffer kept = Buffer.buffer();
    private boolean skipping;

    /**
     * @param longest in bytes, without the end of the line
     * @param skipped called for a line that is longer
     */
    EventLineReader(int longest, Consumer<Buffer> line, Runnable skipped) {
        this.longest = longest;
        this.line = line;
        this.skipped = skipped;
    }

    void add(Buffer part) {
        int from = 0;
        for (int end = indexOf(part, 0); end >= 0; end = indexOf(part, from)) {
            keep(part, from, end);
            emit();
            from = end + 1;
        }
        keep(part, from, part.length());
    }

    private static int indexOf(Buffer part, int from) {
        for (int i = from; i < part.length(); i++) {
            if (part.getByte(i) == LINE_FEED) {
                return i;
            }
        }
        return -1;
    }

    private void keep(Buffer part, int from, int end) {
        if (kept.length() + (long) (end - from) > longest) {
            skipping = true;
            kept = Buffer.buffer();
        }
        if (!skipping) {
            kept.appendBuffer(part, from, end - from);
        }
    }

    private void emit() {
        Buffer whole = kept;
        boolean tooLong = skipping;
        kept = Buffer.buffer();
        skipping = false;
        if (tooLong) {
            skipped.run();
        } else if (whole.length() > 0) {
            line.accept(whole);
        }
    }
}
