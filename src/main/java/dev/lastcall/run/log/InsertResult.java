package dev.lastcall.run.log;

import java.util.UUID;

/** What became of a new run. */
public sealed interface InsertResult {
    /** It is in the log with its first events. */
    record Made() implements InsertResult {}

    /**
     * The tenant has a run under this idempotency key.
     *
     * @param sameRequest whether it was asked for by the same request
     */
    record Existing(UUID id, boolean sameRequest) implements InsertResult {}
}
