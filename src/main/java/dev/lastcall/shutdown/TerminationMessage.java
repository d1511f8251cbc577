package dev.lastcall.shutdown;

import dev.lastcall.drain.ReadableDuration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The container's termination message: what {@code kubectl describe pod} shows. Written on a thread of its own, because the path may be a
 * pipe that nobody reads or a file system that does not answer, and neither may hold up the exit.
 */
final class TerminationMessage {
    /** The kubelet's limit for one container, https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/ */
    static final int BYTES = 4096;

    private static final Logger LOG = Logger.getLogger("dev.lastcall.report");

    private final CountDownLatch done;

    private TerminationMessage(CountDownLatch done) {
        this.done = done;
    }

    /** Begins to write over what is there; the file is never created. */
    static TerminationMessage begin(Supplier<Path> path, String json) {
        CountDownLatch done = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        write(path.get(), json);
                    } finally {
                        done.countDown();
                    }
                },
                "lastcall-termination-message");
        thread.setDaemon(true);
        thread.start();
        return new TerminationMessage(done);
    }

    /** Returns when it is written or has failed, at the latest after the limit. */
    void await(Duration limit) {
        try {
            if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warnf(
                        "the termination message was not taken within %s and is left behind",
                        ReadableDuration.of(limit));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(Path path, String json) {
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
