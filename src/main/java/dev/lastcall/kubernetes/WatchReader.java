package dev.lastcall.kubernetes;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import org.jspecify.annotations.Nullable;

/** Reads the answer to a watch: its events as they come, or the refusal. On one event loop. */
final class WatchReader implements AnswerReader {
    /** Of one event in bytes; a pod's object has some ten thousand. */
    private static final int LONGEST_EVENT = 1 << 20;
    /** Of a refusal in bytes, more of which is not read. */
    private static final int LONGEST_REFUSAL = 64 << 10;

    private final PodWatch watch;
    private final EventLineReader lines;
    private final long begun = System.nanoTime();
    private final Buffer refusal = Buffer.buffer();
    private @Nullable HttpClientResponse head;
    private boolean broken;

    WatchReader(PodWatch watch) {
        this.watch = watch;
        lines = new EventLineReader(
                LONGEST_EVENT, this::event, () -> broken("an event of more than " + LONGEST_EVENT + " bytes"));
    }

    @Override
    public void answered(HttpClientResponse given) {
        head = given;
        if (given.statusCode() == 200) {
            watch.connected();
        }
    }

    @Override
    public void received(Buffer part) {
        if (isWatch()) {
            lines.add(part);
        } else if (refusal.length() + part.length() <= LONGEST_REFUSAL) {
            refusal.appendBuffer(part);
        }
    }

    private void event(Buffer line) {
        if (broken) {
            return;
        }
        try {
            broken = !watch.event(line.toJsonObject());
        } catch (RuntimeException e) {
            broken("an event that is none of a watch on pods");
        }
    }

    private void broken(String cause) {
        if (!broken) {
            broken = true;
            watch.lasted(System.nanoTime() - begun);
            watch.broken(cause);
        }
    }

    @Override
    public void ended() {
        if (head == null || isWatch()) {
            watch.ended(System.nanoTime() - begun);
        } else {
            watch.refused(ApiAnswer.of(head, refusal));
        }
    }

    @Override
    public void failed(String cause) {
        watch.lasted(System.nanoTime() - begun);
        watch.lost(cause, null);
    }

    private boolean isWatch() {
        return head != null && head.statusCode() == 200;
    }
}
