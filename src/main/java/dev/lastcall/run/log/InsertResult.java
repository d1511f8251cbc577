package dev.lastcall.run.log;

import java.util.UUID;

/** The result of inserting a new run. */
public sealed interface InsertResult {
    /** The run and its first events are in the log. */
    record Made() implements InsertResult {}

    /**
     * The tenant has a run under this idempotency key.
     *
     * @param sameRequest whether it was asked for by the same request
     */
    record Existing(UUID id, boolean sameRequest) implements InsertResult {}
}
