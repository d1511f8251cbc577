package dev.lastcall.shutdown;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Connects the drain to the process of an application, once that has started. Dev mode and tests are left alone: their ends are no shutdown. */
@Dependent
final class LibraryStart {
    private static final Logger LOG = Logger.getLogger(LibraryStart.class);
    private static final String MANAGEMENT = "quarkus.management.enabled";

    void last(
            @Observes @Priority(Integer.MAX_VALUE) StartupEvent started,
            Config config,
            DrainLog log,
            DrainEvents events,
            Exit exit,
            Watchdog watchdog,
            WarmUp warmUp) {
        if (LaunchMode.current() != LaunchMode.NORMAL) {
            return;
        }
        log.follow();
        events.follow();
        exit.follow();
        watchdog.follow();
        warmUp.begin();
        Signals.deliverTo(exit::triggered);
        if (!Signals.own()) {
            LOG.warn(
                    "the JVM does not handle signals (-Xrs): the drain begins when Quarkus stops, and counts on what the"
                            + " operating system leaves of the grace period");
        } else if (Signals.isSigtermIgnored()) {
            LOG.warn(
                    "SIGTERM was ignored when this process was started (trap '' TERM), and the JVM leaves it so: start java"
                            + " without that trap");
        }
        if (!config.getOptionalValue(MANAGEMENT, Boolean.class).orElse(false)) {
            LOG.warn(MANAGEMENT
                    + "=false: there is no /drain/pre-stop for a preStop hook, and health is asked for on the"
                    + " port of the clients; SIGTERM alone begins the drain");
        }
    }
}
