package dev.lastcall.shutdown;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Connects the drain to the process: the first and the last steps of a start, before the servers listen. */
@Dependent
final class Start {
    private static final Logger LOG = Logger.getLogger(Start.class);

    /** The time limit for releasing what a start has opened that a signal cut short. */
    private static final Duration UNFINISHED_RELEASE = Duration.ofMillis(1500);

    void first(@Observes @Priority(1) StartupEvent starting, DrainLog log, ShutdownOrder order) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            LogQueue.install();
        }
        log.follow();
        Signals.beforeReady(() -> releaseWithin(UNFINISHED_RELEASE, order));
    }

    /** A step that is given up ends what must not outlive the process before this returns. */
    private static void releaseWithin(Duration limit, ShutdownOrder order) {
        long end = System.nanoTime() + limit.toNanos();
        order.releaseAll(() -> Duration.ofNanos(end - System.nanoTime()));
    }

    void last(
            @Observes @Priority(Integer.MAX_VALUE) StartupEvent started, Exit exit, Watchdog watchdog, WarmUp warmUp) {
        if (LaunchMode.current() == LaunchMode.TEST) {
            Signals.giveBack();
            return;
        }
        warmUp.begin();
        exit.follow();
        watchdog.follow();
        Signals.deliverTo(exit::triggered);
        // A second time since Quarkus.run has installed handlers of its own, in a native executable only.
        if (!Signals.own()) {
            LOG.warn("the JVM does not handle signals (-Xrs): SIGTERM and SIGINT end this process at once, without"
                    + " drain and release");
        } else if (Signals.isSigtermIgnored()) {
            LOG.warn(
                    "SIGTERM was ignored when this process was started (trap '' TERM), and the JVM leaves it so: no SIGTERM"
                            + " begins a drain, and SIGKILL ends this process; start java without that trap");
        }
    }
}
