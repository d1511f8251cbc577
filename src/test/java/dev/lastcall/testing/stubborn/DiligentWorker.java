package dev.lastcall.testing.stubborn;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.worker.Worker;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.util.concurrent.CountDownLatch;

/** A worker that waits for work that never comes, and returns when it is told to end. */
@Alternative
@Singleton
public final class DiligentWorker implements Worker {
    @Override
    public String name() {
        return "diligent";
    }

    @Override
    public void run(DrainSignal signal) throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        signal.onCancelled(told::countDown);
        told.await();
    }
}
