package dev.lastcall.management;

import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.StatusTable;
import dev.lastcall.drain.Time;
import dev.lastcall.management.console.ConsoleView;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Looks at everything of this pod that the console shows. */
@Singleton
final class ConsoleSource {
    private static final Logger LOG = Logger.getLogger(ConsoleSource.class);
    private static final int OLDEST = 10;

    private final DrainSettings settings;
    private final Time time;
    private final InFlight inFlight;
    private final ReleaseSteps steps;
    private final Iterable<StatusTable.Source> rooms;

    @Inject
    ConsoleSource(
            DrainSettings settings,
            Time time,
            InFlight inFlight,
            ReleaseSteps steps,
            @Any Instance<StatusTable.Source> rooms) {
        this(settings, time, inFlight, steps, (Iterable<StatusTable.Source>) rooms);
    }

    ConsoleSource(
            DrainSettings settings,
            Time time,
            InFlight inFlight,
            ReleaseSteps steps,
            Iterable<StatusTable.Source> rooms) {
        this.settings = settings;
        this.time = time;
        this.inFlight = inFlight;
        this.steps = steps;
        this.rooms = rooms;
    }

    ConsoleView look(String pod, DrainView drain) {
        return new ConsoleView(
                pod, time.instant(), settings, drain, inFlight.oldest(OLDEST), steps.planned(), tables());
    }

    private List<StatusTable> tables() {
        List<StatusTable> tables = new ArrayList<>();
        for (StatusTable.Source room : rooms) {
            try {
                tables.add(room.status());
            } catch (RuntimeException e) {
                // One room's mistake must not cost the operator the whole page.
                LOG.warnf(e, "no status from %s", room.getClass().getName());
            }
        }
        return tables;
    }
}
