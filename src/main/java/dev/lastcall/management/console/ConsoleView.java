package dev.lastcall.management.console;

import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.EntryView;
import dev.lastcall.drain.PlannedRelease;
import dev.lastcall.drain.StatusTable;
import java.time.Instant;
import java.util.List;

/**
 * The data of the page about this pod, taken at one instant.
 *
 * @param pod its name
 * @param oldest of what is in flight
 * @param planned the release steps in their order
 * @param rooms what the other rooms show of themselves
 */
public record ConsoleView(
        String pod,
        Instant now,
        DrainSettings settings,
        DrainView drain,
        List<EntryView> oldest,
        List<PlannedRelease> planned,
        List<StatusTable> rooms) {}
