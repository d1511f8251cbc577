package dev.lastcall.model;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The request to the upstream, and the part of its answer that the client has already.
 *
 * @param said what a repeated answer must begin with and is left out of it; null where it goes on by itself
 * @param trace headers that go with it
 */
record ChatRequest(Buffer body, @Nullable Continuation said, TraceHeaders trace) {
    Consumer<ModelEvent> unsaid(Consumer<ModelEvent> sink) {
        return said == null ? sink : new Repetition(said, sink);
    }
}
