package dev.lastcall.testing.stubborn;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;

/** Fails in a stage that others come after. */
@Alternative
@Singleton
public final class ThrowingStep implements ReleaseStep {
    @Override
    public String name() {
        return "throwing";
    }

    @Override
    public ReleaseStage stage() {
        return ReleaseStage.RUNS;
    }

    @Override
    public void release() {
        if (Deafness.WANTED) {
            throw new IllegalStateException("no luck");
        }
    }
}
