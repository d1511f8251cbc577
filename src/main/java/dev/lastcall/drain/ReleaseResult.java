package dev.lastcall.drain;

import java.time.Duration;

/** One line of the report's release section. */
public record ReleaseResult(String name, ReleaseStage stage, Duration took, ReleaseOutcome outcome) {
    public boolean released() {
        return outcome instanceof ReleaseOutcome.Released;
    }
}
