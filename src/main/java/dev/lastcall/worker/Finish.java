package dev.lastcall.worker;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import java.time.Duration;

/** The release of one worker: {@code released} says that it has finished, {@code failed} or {@code timed out} that it was cancelled. */
record Finish(Loop loop) implements ReleaseStep {
    /** Added to the worker's timeout, so that the worker's own timeout ends the wait and is the one reported. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "worker " + loop.worker().name();
    }

    @Override
    public ReleaseStage stage() {
        return ReleaseStage.WORKERS;
    }

    @Override
    public Duration timeout() {
        return loop.timeout().plus(MARGIN);
    }

    @Override
    public void release() throws Exception {
        loop.release(loop.timeout());
    }

    @Override
    public void abandon() {
        loop.interrupt();
    }
}
