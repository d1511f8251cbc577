package dev.lastcall.management;

import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Time;
import dev.lastcall.management.console.ConsoleView;
import jakarta.inject.Singleton;

/** Looks at everything of this pod that the console shows. */
@Singleton
final class ConsoleSource {
    private static final int OLDEST = 10;

    private final DrainSettings settings;
    private final Time time;
    private final InFlight inFlight;
    private final ReleaseSteps steps;
    private final StatusTables tables;

    ConsoleSource(DrainSettings settings, Time time, InFlight inFlight, ReleaseSteps steps, StatusTables tables) {
        this.settings = settings;
        this.time = time;
        this.inFlight = inFlight;
        this.steps = steps;
        this.tables = tables;
    }

    ConsoleView look(String pod, DrainView drain) {
        return new ConsoleView(
                pod, time.instant(), settings, drain, inFlight.oldest(OLDEST), steps.planned(), tables.look());
    }
}
