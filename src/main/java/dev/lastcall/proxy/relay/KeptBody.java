package dev.lastcall.proxy.relay;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request's body that has been sent, as long as it is little: an application that has done nothing of the request is sent it once more,
 * whatever its method is (RFC 9113, 8.7). On the event loop.
 */
final class KeptBody {
    /** The most bytes that are kept: one read of a client. */
    static final int MOST = 16 * 1024;

    private @Nullable Buffer sent;
    private boolean complete = true;

    /** Its bytes are of the heap and nobody frees them: a part that is written can be written again. */
    void add(Buffer part) {
        Buffer before = sent;
        if (!complete || size() + part.length() > MOST) {
            drop();
        } else {
            sent = before == null
                    ? part
                    : Buffer.buffer(before.length() + part.length())
                            .appendBuffer(before)
                            .appendBuffer(part);
        }
    }

    private int size() {
        return sent == null ? 0 : sent.length();
    }

    /** Nobody will ask for it. */
    void drop() {
        complete = false;
        sent = null;
    }

    /** Whether it is all that was sent. */
    boolean isComplete() {
        return complete;
    }

    /** Returns what was sent; null: nothing, or it is not kept. */
    @Nullable
    Buffer sent() {
        return sent;
    }
}
