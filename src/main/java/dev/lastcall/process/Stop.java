package dev.lastcall.process;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * The release of one program: it is asked to end as it wants to be asked; SIGKILL after the stop timeout, which is then the failure that is
 * reported. How its main process ended is said beside it.
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
        return plan().timeout().plus(AFTER_THE_KILL);
    }

    private StopPlan plan() {
        return supervised.program().stopPlan();
    }

    @Override
    public void release() throws InterruptedException, ExecutionException {
        all.run();
        Supervised.Stopped stopped = supervised.stopped().get();
        if (stopped.killed() > 0) {
            throw new IllegalStateException("killed: " + stopped.killed() + " left "
                    + stopped.after().toMillis() + " ms after SIG"
                    + plan().signal().name()
                    + " (expected: none after stop-timeout)");
        }
    }

    @Override
    public String detail() {
        return supervised.lastExit();
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
