package dev.lastcall.run;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** An event of a run on the native API: tokens, then one end. */
public sealed interface RunEvent {
    /** The event's number in the log, after which a client resumes. Increases, with gaps. */
    int seq();

    /** The event on the native wire, the same for SSE and WebSocket; one line. */
    String json();

    /**
     * A piece of the answer.
     *
     * @param n counts from 0 without a gap
     * @param quoted its text as a JSON string
     */
    record Token(int seq, long n, String quoted) implements RunEvent {
        @Override
        public String json() {
            return "{\"type\":\"token\",\"n\":" + n + ",\"text\":" + quoted + "}";
        }

        public String text() {
            return String.valueOf(Json.decodeValue(quoted));
        }
    }

    /**
     * The last event.
     *
     * @param run the run's id
     * @param last the last token's n; null where there was none
     * @param resume with {@code shutdown}: where to go on; null where nothing can be gone on with
     * @param detail what went wrong and what to do; null where nothing did
     */
    record End(
            int seq,
            String run,
            EndReason reason,
            @Nullable Long last,
            @Nullable String resume,
            @Nullable String detail)
            implements RunEvent {
        @Override
        public String json() {
            JsonObject json = new JsonObject()
                    .put("type", "end")
                    .put("reason", reason.key())
                    .put("run", run)
                    .put("last", last);
            if (reason == EndReason.SHUTDOWN) {
                json.put("resume", resume);
            }
            if (detail != null) {
                json.put("detail", detail);
            }
            return json.encode();
        }
    }
}
