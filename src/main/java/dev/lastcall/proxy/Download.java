package dev.lastcall.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpClientStream;
import org.jspecify.annotations.Nullable;

/** An answer's body on its way to the client, as fast as that reads it and as soon as it comes. On the event loop. */
final class Download {
    private final Relay relay;
    private final HttpServerResponse response;
    private final HttpClientStream from;
    private final @Nullable EventBoundary tail;
    private final boolean empty;
    /** Negative: only the end tells. */
    private long left;

    private boolean ending;
    private boolean over;

    Download(Relay relay, HttpServerResponse response, HttpClientStream from, AnswerHead answer) {
        this.relay = relay;
        this.response = response;
        this.from = from;
        String events = answer.eventType();
        tail = events == null ? null : new EventBoundary(events);
        left = answer.length();
        empty = left == 0;
    }

    /** Whether its events can be told apart. */
    boolean isStream() {
        return tail != null;
    }

    void begin() {
        from.chunkHandler(this::pass);
        from.endHandler(this::end);
    }

    /** Everything that had come was read, and there was nothing to go with the head. */
    void flushHead() {
        if (!over && !empty && !response.headWritten()) {
            if (left >= 0 || response.isChunked() || response.streamId() >= 0) {
                response.writeHead();
            } else {
                response.write(Buffer.buffer(), null);
            }
        }
    }

    /** From now on it ends where an event does; true: it may end now. */
    boolean endWhenWhole() {
        ending = true;
        return mayEnd();
    }

    private boolean mayEnd() {
        boolean may = ending && !over && tail != null && tail.isWhole();
        over |= may;
        return may;
    }

    private void pass(Buffer chunk) {
        if (over) {
            return;
        }
        relay.touch();
        if (tail != null) {
            tail.note(chunk);
        }
        if (left > 0) {
            left -= chunk.length();
            if (left <= 0) {
                // With its last bytes, not behind them: one write less, and the most common answer is a single one.
                over = true;
                relay.finish(chunk);
                return;
            }
        }
        response.write(chunk, null);
        if (mayEnd()) {
            relay.finishEarly();
        } else if (response.writeQueueFull()) {
            from.doPause();
            response.drainHandler(writable -> from.doFetch(Long.MAX_VALUE));
        }
    }

    private void end(MultiMap trailers) {
        if (!over) {
            over = true;
            if (!trailers.isEmpty()) {
                AnswerHead.copyFields(trailers, response.trailers());
            }
            relay.finish(Buffer.buffer());
        }
    }
}
