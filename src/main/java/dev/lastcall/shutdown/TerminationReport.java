package dev.lastcall.shutdown;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Report;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** What the drain did, told once: a line in the log and the container's termination message. Thread-safe. */
@Singleton
final class TerminationReport {
    /** The kubelet's limit for one container, https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/ */
    static final int MESSAGE_LIMIT = 4096;

    private static final Logger LOG = Logger.getLogger("dev.lastcall.report");

    private final Drain drain;
    private final ReleaseSteps steps;
    private final Path path;
    private final AtomicBoolean written = new AtomicBoolean();

    TerminationReport(Drain drain, ReleaseSteps steps, ReportConfig config) {
        this.drain = drain;
        this.steps = steps;
        path = config.path();
    }

    /** Writes the report of an orderly end, unless one has been written; the exit code is the report's. */
    void write() {
        write(drain.report(steps).exitCode());
    }

    /** Writes the report of a process that is halted with 1, unless one has been written. */
    void writeHalted() {
        write(1);
    }

    private void write(int code) {
        if (LaunchMode.current() == LaunchMode.NORMAL && written.compareAndSet(false, true)) {
            Report report = drain.report(steps);
            Exit.report(code);
            // The file first: a log whose reader hangs must not cost the message as well.
            writeMessage(ReportJson.of(report, code).within(MESSAGE_LIMIT));
            LOG.info(ReportJson.of(report, code).toString());
        }
    }

    private void writeMessage(String json) {
        try {
            Files.write(
                    path,
                    json.getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (NoSuchFileException e) {
            LOG.debugf("no termination message: %s does not exist, this is no container", path);
        } catch (IOException e) {
            LOG.warnf("the termination message could not be written to %s: %s", path, e);
        }
    }
}
