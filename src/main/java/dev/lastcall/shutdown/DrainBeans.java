package dev.lastcall.shutdown;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainControl;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.EngineControl;
import dev.lastcall.drain.FinalResponses;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Listeners;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Time;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The engine as beans: one drain for the process. */
@Dependent
final class DrainBeans {
    static final String PREFIX = "lastcall.drain.";

    /** Checks the whole configuration, since this comes first: the HTTP gate asks for the drain before Quarkus says that it starts. */
    @Produces
    @Singleton
    DrainSettings settings(DrainConfig config, StartCheck check) {
        check.check();
        return from(config);
    }

    /** @throws IllegalArgumentException naming the key below {@link #PREFIX}, its value and what was expected */
    static DrainSettings from(DrainConfig config) {
        DrainConfig.LameDuckConfig lameDuck = config.lameDuck();
        return new DrainSettings(
                config.gracePeriod(),
                config.exitMargin(),
                config.readiness() == DrainConfig.Readiness.KEEP,
                new DrainSettings.LameDuck(
                        lameDuck.min(), lameDuck.quietPeriod(), lameDuck.max(), config.quietIgnores()),
                config.streamPatience().orElse(null),
                config.cancelReserve(),
                config.releaseReserve(),
                config.afterLameDuck() == DrainConfig.AfterLameDuck.SERVE);
    }

    @Produces
    @Singleton
    Time time() {
        return new SystemTime("lastcall-drain");
    }

    @Produces
    @Singleton
    InFlight inFlight(Time time) {
        return new InFlight(time);
    }

    @Produces
    @Singleton
    Drain drain(DrainSettings settings, Time time, InFlight inFlight) {
        return new Drain(settings, time, inFlight);
    }

    @Produces
    @Singleton
    DrainControl control(Drain drain, InFlight inFlight) {
        return new EngineControl(drain, inFlight);
    }

    @Produces
    @Singleton
    FinalResponses finalResponses() {
        return new FinalResponses();
    }

    @Produces
    @Singleton
    Listeners listeners() {
        return new Listeners();
    }

    @Produces
    @Singleton
    ReleaseSteps releaseSteps() {
        return new ReleaseSteps();
    }

    /** Not in the producer: a step may itself want the steps. */
    void registerBeans(@Observes StartupEvent started, ReleaseSteps steps, @Any Instance<ReleaseStep> beans) {
        beans.forEach(steps::register);
    }
}
