package dev.lastcall.model;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * The request to the upstream, and the part of its answer that the client has already.
 *
 * @param said the text that a repeated answer must begin with and that is left out of it; empty where it goes on by itself
 */
record ChatRequest(Buffer body, String said) {
    Consumer<ModelEvent> unsaid(Consumer<ModelEvent> sink) {
        return said.isEmpty() ? sink : new Repetition(said, sink);
    }
}
