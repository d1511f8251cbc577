package dev.lastcall.drain;

import java.time.Duration;
import java.time.Instant;

/**
 * One line of the report's release section.
 *
 * @param optional a failure costs nobody the exit code
 * @param detail what the step itself says of its end; empty where it says nothing
 */
@Internal
public record ReleaseResult(
        String name,
        ReleaseStage stage,
        Instant startedAt,
        Duration took,
        ReleaseOutcome outcome,
        boolean optional,
        String detail) {
    /** A step that says nothing of its end. */
    public ReleaseResult(
            String name,
            ReleaseStage stage,
            Instant startedAt,
            Duration took,
            ReleaseOutcome outcome,
            boolean optional) {
        this(name, stage, startedAt, took, outcome, optional, "");
    }

    public boolean released() {
        return outcome instanceof ReleaseOutcome.Released;
    }

    /** Whether the process may still exit with 0. */
    boolean isForgiven() {
        return released() || optional;
    }
}
