package dev.lastcall.drain;

/** The result of a release step. */
@Internal
public sealed interface ReleaseOutcome {
    record Released() implements ReleaseOutcome {}

    record Failed(Throwable cause) implements ReleaseOutcome {}

    /** Interrupted at its timeout, or not begun since the budget was spent. */
    record TimedOut() implements ReleaseOutcome {}
}
