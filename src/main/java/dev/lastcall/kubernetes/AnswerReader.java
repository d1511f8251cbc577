package dev.lastcall.kubernetes;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** Reads the answer to one {@link ApiCall}, on its event loop. Exactly one of {@link #ended()} and {@link #failed} comes, and nothing behind it. */
interface AnswerReader {
    void answered(HttpClientResponse head);

    void received(Buffer part);

    void ended();

    /**
     * Tells that the answer did not come to its end.
     *
     * @param cause one line for a log
     */
    void failed(String cause);
}
