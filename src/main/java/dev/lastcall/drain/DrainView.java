package dev.lastcall.drain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A consistent picture of the drain, taken under its lock.
 *
 * @param generation the drain's number in this process; each undrain starts the next
 * @param triggers in the order in which they came
 * @param startedAt the first trigger; null while SERVING
 * @param deadline null without a termination trigger
 * @param remaining until the deadline, negative after it; null without one
 * @param totals since the drain began; all zero while there is none
 * @param sinceStart since the process started
 * @param notes the timeline of this generation
 * @param request who asked for it; null where nobody did, as with a signal
 */
@Internal
public record DrainView(
        DrainState state,
        boolean ready,
        long generation,
        List<Trigger> triggers,
        @Nullable Instant startedAt,
        @Nullable Instant deadline,
        @Nullable Duration remaining,
        Map<EntryClass, Long> inFlight,
        Totals totals,
        Totals sinceStart,
        List<Note> notes,
        @Nullable DrainRequest request) {
    /** The same numbers with the end of the drain. */
    DrainView ending(DrainState last, List<Note> whole) {
        return new DrainView(
                last,
                ready,
                generation,
                triggers,
                startedAt,
                deadline,
                remaining,
                inFlight,
                totals,
                sinceStart,
                whole,
                request);
    }
}
