package dev.lastcall.run;

import dev.lastcall.model.ModelRequest;
import dev.lastcall.run.event.RunStatus;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as its client may see it.
 *
 * @param wire by which it came
 * @param stored whether its client may read it again
 * @param response OpenAI's response object as it stands; nobody else's
 * @param tokens pieces of text so far
 * @param last the seq of the last event
 */
public record RunView(
        UUID id,
        String wire,
        boolean stored,
        RunStatus status,
        ModelRequest request,
        JsonObject response,
        String output,
        long tokens,
        int last,
        Instant createdAt,
        @Nullable Instant endedAt) {
    /** Returns the request to the model as JSON. */
    public JsonObject asked() {
        return request.json();
    }
}
