package dev.lastcall.process;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * The release of one program: SIGTERM to it and its descendants, SIGKILL after the stop timeout, which is then the failure that is
 * reported.
 *
 * @param all begins the stop of every program: one after the other each would wait for those before it
 */
record Stop(Supervised supervised, Runnable all) implements ReleaseStep {
    private static final Logger LOG = Logger.getLogger(Stop.class);
    /** A SIGKILL needs a moment too. */
    private static final Duration AFTER_THE_KILL = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "process " + supervised.program().name();
    }

    @Override
    public ReleaseStage stage() {
        return ReleaseStage.PROCESSES;
    }

    @Override
    public Duration timeout() {
        return stopTimeout().plus(AFTER_THE_KILL);
    }

    private Duration stopTimeout() {
        return supervised.program().settings().stopTimeout();
    }

    @Override
    public void release() throws InterruptedException, ExecutionException {
        all.run();
        int killed = supervised.stopped().get();
        if (killed > 0) {
            throw new IllegalStateException("killed: " + killed + " left "
                    + stopTimeout().toMillis() + " ms after SIGTERM (expected: none after stop-timeout)");
        }
    }

    @Override
    public void abandon() {
        int killed = supervised.kill();
        if (killed > 0) {
            LOG.warnf(
                    "process killed name=%s count=%d: no time was left for its stop",
                    supervised.program().name(), killed);
        }
    }
}
