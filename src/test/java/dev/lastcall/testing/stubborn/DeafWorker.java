package dev.lastcall.testing.stubborn;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.worker.Worker;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;

/** A worker that ignores its signal and its interrupt. */
@Alternative
@Singleton
public final class DeafWorker implements Worker {
    @Override
    public String name() {
        return "deaf";
    }

    @Override
    public Duration timeout() {
        return Duration.ofMillis(50);
    }

    @Override
    public void run(DrainSignal signal) throws InterruptedException {
        if (!Deafness.WANTED) {
            new DiligentWorker().run(signal);
        }
        Deafness.forEver();
    }
}
