package dev.lastcall.management;

import dev.lastcall.drain.DrainListener;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Note;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;

/**
 * Records the duration of each stage when it ends. RELEASING is in the report alone, since its servers are closed and nothing can scrape
 * it.
 */
final class StageTimes implements DrainListener {
    private final Map<DrainState, Timer> timers = new EnumMap<>(DrainState.class);

    /** The state of the drain; used by the engine's timer thread alone. */
    private DrainState current;

    StageTimes(MeterRegistry registry, DrainState current) {
        this.current = current;
        for (DrainState stage : DrainState.values()) {
            if (stage.isUnderWay() || stage == DrainState.DRAINED) {
                timers.put(stage, timer(registry, stage));
            }
        }
    }

    private static Timer timer(MeterRegistry registry, DrainState stage) {
        return Timer.builder("lastcall.drain")
                .tag("stage", stage.key())
                .description("How long a stage of the drain lasted")
                .register(registry);
    }

    @Override
    public void noted(Note note) {
        if (note.event() == Note.Event.STATE) {
            Timer left = timers.get(current);
            if (left != null) {
                left.record(note.lasted());
            }
            current = note.state();
        }
    }
}
