package dev.lastcall.worker;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import java.time.Duration;

/** The release of one worker: {@code released} says that it has finished, {@code failed} or {@code timed out} that it was cancelled. */
record Finish(Loop loop) implements ReleaseStep {
    /** So that it is the worker's timeout that ends the wait, and the report says so. */
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
        return loop.worker().timeout().plus(MARGIN);
    }

    @Override
    public void release() throws Exception {
        loop.release(loop.worker().timeout());
    }

    @Override
    public void abandon() {
        loop.interrupt();
    }
}
