package dev.lastcall.fleet;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A drain that is over.
 *
 * @param pod where
 * @param instance which process
 * @param generation which drain of the process
 * @param report as the log and the termination message have it; of an ended one it was saved before the last release steps
 */
public record PastDrain(
        String pod,
        String instance,
        long generation,
        Ending ending,
        Instant startedAt,
        Instant endedAt,
        JsonObject report) {
    /** The ways in which a drain ends. */
    public enum Ending {
        /** The drain ended with its process. */
        ENDED,
        /** The process serves again. */
        UNDONE;

        public String key() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static Ending of(String key) {
            return key.equals(UNDONE.key()) ? UNDONE : ENDED;
        }
    }
}
