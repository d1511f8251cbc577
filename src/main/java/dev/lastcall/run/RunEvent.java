package dev.lastcall.run;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a client sees of a run: tokens, then one end. */
public sealed interface RunEvent {
    /** The event on the native wire, the same for SSE and WebSocket; one line. */
    String json();

    /**
     * A piece of the answer.
     *
     * @param n counts from 0 without a gap
     */
    record Token(long n, String text) implements RunEvent {
        @Override
        public String json() {
            return new JsonObject()
                    .put("type", "token")
                    .put("n", n)
                    .put("text", text)
                    .encode();
        }
    }

    /**
     * The last event.
     *
     * @param run the run's id
     * @param last the last token's n; null where there was none
     * @param detail what went wrong and what to do; null where nothing did
     */
    record End(
            String run,
            EndReason reason,
            @Nullable Long last,
            @Nullable String detail) implements RunEvent {
        @Override
        public String json() {
            JsonObject json = new JsonObject()
                    .put("type", "end")
                    .put("reason", reason.key())
                    .put("run", run)
                    .put("last", last);
            if (reason == EndReason.SHUTDOWN) {
                // Where to go on: nowhere, because runs live in this pod's memory.
                json.putNull("resume");
            }
            if (detail != null) {
                json.put("detail", detail);
            }
            return json.encode();
        }
    }
}
