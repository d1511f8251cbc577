package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file of a store.
 *
 * @param attributes which searches filter by; not to be changed
 * @param usage in bytes
 * @param error null unless it failed
 */
public record AttachedFile(
        String store,
        String file,
        Status status,
        JsonObject attributes,
        Chunking chunking,
        long usage,
        Instant createdAt,
        @Nullable String error) {
    /** The codes are stored. */
    public enum Status {
        IN_PROGRESS("in_progress"),
        COMPLETED("completed"),
        FAILED("failed");

        private final String key;

        Status(String key) {
            this.key = key;
        }

        /** OpenAI's word. */
        public String key() {
            return key;
        }

        short code() {
            return (short)
                    switch (this) {
                        case IN_PROGRESS -> 0;
                        case COMPLETED -> 1;
                        case FAILED -> 2;
                    };
        }

        static Status of(int code) {
            for (Status each : values()) {
                if (each.code() == code) {
                    return each;
                }
            }
            throw new IllegalArgumentException("status: " + code + " (expected: 0 to 2)");
        }
    }
}
