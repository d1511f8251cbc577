package dev.lastcall.testing.stubborn;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;

/** A release step that hangs in the first stage and ignores its interrupt. */
@Alternative
@Singleton
public final class HangingStep implements ReleaseStep {
    @Override
    public String name() {
        return "hanging";
    }

    @Override
    public ReleaseStage stage() {
        return ReleaseStage.WORKERS;
    }

    @Override
    public Duration timeout() {
        return Duration.ofMillis(50);
    }

    @Override
    public void release() {
        Deafness.forEver();
    }
}
