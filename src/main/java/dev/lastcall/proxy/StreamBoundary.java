package dev.lastcall.proxy;

import io.vertx.core.buffer.Buffer;

/** Whether what has been sent of a stream may be all of it. */
interface StreamBoundary {
    /** These bytes are sent next. */
    void note(Buffer chunk);

    boolean isWhole();
}
