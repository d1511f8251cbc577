package dev.lastcall.shutdown;

import io.quarkus.arc.Arc;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.shutdown.ShutdownListener;

/** Runs the whole drain before Quarkus closes anything, where the process ends without one: {@code Quarkus.asyncExit}, {@code System.exit}. */
public final class DrainShutdownListener implements ShutdownListener {
    /** For the recorded start. */
    public DrainShutdownListener() {}

    @Override
    public void preShutdown(ShutdownNotification notification) {
        try {
            if (LaunchMode.current() == LaunchMode.NORMAL) {
                Exit exit = Arc.container().instance(Exit.class).get();
                if (exit != null) {
                    exit.awaitRelease();
                }
            }
        } finally {
            notification.done();
        }
    }
}
