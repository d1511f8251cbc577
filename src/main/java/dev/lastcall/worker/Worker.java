package dev.lastcall.worker;

import dev.lastcall.drain.DrainSignal;
import java.time.Duration;

/**
 * A background loop: a queue's consumer, a poller, a scheduler. As a CDI bean it runs from the start on, on a thread of its own. It is told to end by
 * the first trigger of a drain, like the claiming of runs: others take the work from then on. If the drain is undone it runs again, with another
 * signal, once its last run has returned.
 */
public interface Worker {
    /** Returns the name in logs and the report: {@code mail}. */
    String name();

    /** How long the release waits for it before its thread is interrupted; cut by what is left of the drain's budget. */
    default Duration timeout() {
        return Duration.ofSeconds(10);
    }

    /**
     * Works until the signal says that it is time to end, finishes what it has begun, and returns. Interrupted at its timeout.
     *
     * @throws Exception logged; the worker is not run again, and the report has its release as failed
     */
    void run(DrainSignal signal) throws Exception;
}
