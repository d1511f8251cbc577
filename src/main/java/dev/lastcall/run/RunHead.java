package dev.lastcall.run;

import dev.lastcall.run.event.RunStatus;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/**
 * A run as it was begun, and how far it has come: what a client needs that comes back for the rest of it. However long its log is, only the
 * first row is read.
 *
 * @param stored whether its client may read it again
 * @param response OpenAI's response object as it was begun, without output; nobody else's
 * @param last the seq of the last event
 */
public record RunHead(UUID id, boolean stored, RunStatus status, JsonObject response, int last) {}
