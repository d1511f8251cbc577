package dev.lastcall.shutdown;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Time;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ends the process at the deadline, whatever hangs: its thread is its own, and it waits for nothing without a limit. Thread-safe. */
@Singleton
final class Watchdog {
    /** The time limit of the last actions before the halt: the report, whose log or file may hang too, and the abandoning. */
    private static final Duration LAST_LIMIT = Duration.ofMillis(700);

    /** The report waits so long for the abandoning, which knows how supervised programs ended. */
    private static final Duration ABANDON_LIMIT = Duration.ofMillis(250);

    private static final int HALTED = 1;

    private final Time time = new SystemTime("lastcall-watchdog");
    private final Drain drain;
    private final TerminationReport report;
    private final ReleaseSteps steps;
    private Time.@Nullable Alarm alarm;

    Watchdog(Drain drain, TerminationReport report, ReleaseSteps steps) {
        this.drain = drain;
        this.report = report;
        this.steps = steps;
    }

    /** Arms itself at the triggers that do not come through {@link Exit}. */
    void follow() {
        drain.subscribe(note -> arm());
    }

    /** Sets the alarm to the deadline as it is now; called again where a trigger may have moved it. */
    synchronized void arm() {
        Duration left = drain.haltRemaining();
        if (left != null) {
            if (alarm != null) {
                alarm.cancel();
            }
            alarm = time.schedule(left, this::check);
        }
    }

    private void check() {
        Duration left = drain.haltRemaining();
        // Null in STOPPED too: then it is Quarkus' own stop that hangs, and the report is written.
        if (drain.state() == DrainState.STOPPED || (left != null && left.isZero())) {
            halt();
        } else {
            arm();
        }
    }

    /**
     * Writes the report, abandons what must not outlive the process, gives both 700 ms, and ends the process: with 1, or with the code of
     * a report that was there before.
     */
    void halt() {
        CountDownLatch abandoned = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        begin("lastcall-abandon", steps::abandon, abandoned);
        begin("lastcall-last-report", () -> reportBehind(abandoned), told);
        long end = System.nanoTime() + LAST_LIMIT.toNanos();
        try {
            told.await(LAST_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            abandoned.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(report.codeOr(HALTED));
        }
    }

    private void reportBehind(CountDownLatch abandoned) {
        try {
            abandoned.await(ABANDON_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        report.writeHalted();
    }

    /** Each on a thread of its own: one that hangs does not cost the other. */
    private static void begin(String name, Runnable action, CountDownLatch done) {
        Thread thread = new Thread(
                () -> {
                    try {
                        action.run();
                    } finally {
                        done.countDown();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
