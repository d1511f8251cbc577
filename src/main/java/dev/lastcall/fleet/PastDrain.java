package dev.lastcall.fleet;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A drain that is over, or a process that was lost.
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
        UNDONE,
        /** The process was not heard of again, and left no report. */
        LOST;

        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Ending of(String key) {
            return Stream.of(values())
                    .filter(each -> each.key().equals(key))
                    .findFirst()
                    .orElse(ENDED);
        }
    }
}
