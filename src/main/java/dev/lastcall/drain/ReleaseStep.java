package dev.lastcall.drain;

import java.time.Duration;

/** One resource to release in RELEASING. Within a stage the last one registered is released first, as with {@code atexit}. */
public interface ReleaseStep {
    /** Returns the name in the report: {@code postgresql}. */
    String name();

    default ReleaseStage stage() {
        return ReleaseStage.APPLICATION;
    }

    /** The most this step may take; cut further by what is left of the one budget. */
    default Duration timeout() {
        return Duration.ofSeconds(2);
    }

    /** Whether a failure of this step is reported and nothing more: what is only nice to have must not spoil an exit code. */
    default boolean isOptional() {
        return false;
    }

    /**
     * Releases the resource. Runs on a thread of its own, which is interrupted at the timeout.
     *
     * @throws Exception reported as {@code failed}; the next step still runs
     */
    void release() throws Exception;

    /** Returns what the report says beside the outcome, {@code exit-code=3}; asked when the step has ended or was given up. Empty: nothing. */
    default String detail() {
        return "";
    }

    /**
     * Nobody waits for this release any more, begun or not: its time was over, or the process is being halted. The last moment to end,
     * without waiting, what must not outlive the process. On another thread than {@link #release()}; may be called more than once.
     */
    default void abandon() {}
}
