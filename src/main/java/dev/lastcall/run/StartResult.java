package dev.lastcall.run;

import java.util.UUID;

/** The result of starting a run. */
public sealed interface StartResult {
    /** The run that answers. */
    UUID run();

    /** A new run. */
    record Made(UUID run) implements StartResult {}

    /** The run that the same request under the same key has begun already. */
    record Joined(UUID run) implements StartResult {}

    /** Another request had the same key. */
    record Conflict(UUID run) implements StartResult {}
}
