package dev.lastcall.run.log;

import dev.lastcall.run.event.ResponseId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;

/** The response object of a run that has said nothing yet, with every member that strict clients ask for. */
public final class NewResponse {
    private NewResponse() {}

    /**
     * The response object of a new run.
     *
     * @param echo what the client asked for and is told again: {@code model}, {@code tools}, {@code metadata} …
     */
    public static JsonObject of(UUID run, Instant createdAt, String status, JsonObject echo) {
        JsonObject response = new JsonObject()
                .put("id", ResponseId.of(run))
                .put("object", "response")
                .put("created_at", createdAt.getEpochSecond())
                .put("status", status)
                .put("background", false)
                .putNull("completed_at")
                .putNull("error")
                .putNull("incomplete_details")
                .putNull("instructions")
                .putNull("max_output_tokens")
                .put("model", "scripted")
                .put("output", new JsonArray())
                .put("parallel_tool_calls", true)
                .putNull("previous_response_id")
                .put("reasoning", new JsonObject().putNull("effort").putNull("summary"))
                .put("store", true)
                .putNull("temperature")
                .put("text", new JsonObject().put("format", new JsonObject().put("type", "text")))
                .put("tool_choice", "auto")
                .put("tools", new JsonArray())
                .putNull("top_p")
                .put("truncation", "disabled")
                .putNull("usage")
                .put("metadata", new JsonObject());
        echo.forEach(member -> response.put(member.getKey(), member.getValue()));
        return response;
    }
}
