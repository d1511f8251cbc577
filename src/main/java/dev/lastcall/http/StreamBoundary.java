package dev.lastcall.http;

import io.vertx.core.buffer.Buffer;

/** Whether what has been sent of a stream may be all of it. */
public interface StreamBoundary {
    /** These bytes are sent next. */
    void note(Buffer chunk);

    /** Whether what was noted so far ends where the stream may end. */
    boolean isWhole();
}
