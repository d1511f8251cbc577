package dev.lastcall.management.telemetry;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Writes the trace of the drain that ends the process, and sends it: last of all, so that it has every release step but this one. Optional: a
 * collector that is down is no reason to call a drain lossy.
 */
record TraceRelease(Drain drain, ReleaseSteps steps, DrainTrace trace, Collector collector) implements ReleaseStep {
    /** A little more than the collector's own limit, whose words tell more than a timeout. */
    static final Duration TIMEOUT = Destination.LIMIT.plusMillis(200);

    @Override
    public String name() {
        return "traces";
    }

    @Override
    public ReleaseStage stage() {
        return ReleaseStage.TELEMETRY;
    }

    @Override
    public Duration timeout() {
        return TIMEOUT;
    }

    @Override
    public boolean isOptional() {
        return true;
    }

    @Override
    public void release() throws TimeoutException {
        DrainView view = drain.view();
        List<Note> notes = view.notes();
        if (!notes.isEmpty()) {
            trace.write(notes, steps.results(), view.totals(), Instant.now());
        }
        collector.flush();
    }
}
