package dev.lastcall.shutdown;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Report;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes the drain's report once: as a line in the log and as the container's termination message. Thread-safe. */
@Singleton
final class TerminationReport {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.report");

    private static final Duration LIMIT = Duration.ofMillis(500);

    /** For the lines of the log that wait for a reader of our standard output. */
    private static final Duration LOG_LIMIT = Duration.ofMillis(150);

    private static final int HALTED = 1;

    private final Drain drain;
    private final ReleaseSteps steps;
    private final Path path;
    private final AtomicReference<@Nullable Integer> code = new AtomicReference<>();
    private final CountDownLatch written = new CountDownLatch(1);

    TerminationReport(Drain drain, ReleaseSteps steps, ReportConfig config) {
        this.drain = drain;
        this.steps = steps;
        path = config.path();
    }

    /** Writes the report of an end, unless one has been written; the exit code is the report's. Not of a start that failed. */
    void write() {
        if (drain.state() == DrainState.STOPPED) {
            Report report = drain.report(steps);
            write(report, report.exitCode());
        } else if (drain.state() != DrainState.SERVING) {
            // Quarkus has closed its servers before the drain was over: whatever is in flight is broken off. Without a
            // drain it is a
            // start that failed, which tells its own cause: the servers listen only after everything that could tell
            // the two apart.
            writeHalted();
        }
    }

    /**
     * Writes the report of a process that is halted with 1, unless one has been written. Work in flight is counted as cut. Returns when the report is
     * out, also where another thread is writing it: the halt would cut it off.
     */
    void writeHalted() {
        if (code.get() == null) {
            write(drain.reportOfHalt(steps), HALTED);
        }
        if (code.get() != null) {
            awaitWritten();
        }
    }

    private void awaitWritten() {
        try {
            written.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The exit code that the report tells; another where there is none. */
    int codeOr(int other) {
        Integer reported = code.get();
        return reported == null ? other : reported;
    }

    private void write(Report report, int exitCode) {
        if (LaunchMode.current() == LaunchMode.NORMAL && code.compareAndSet(null, exitCode)) {
            Exit.report(exitCode);
            // The file first, and on its own: a log whose reader hangs must not cost the message, nor the other way
            // round.
            String message = ReportJson.of(report, exitCode).within(TerminationMessage.BYTES);
            TerminationMessage writing = TerminationMessage.begin(() -> path, message);
            LOG.info(ReportJson.of(report, exitCode).toString());
            LogQueue.flush(LOG_LIMIT);
            writing.await(LIMIT);
            written.countDown();
        }
    }
}
