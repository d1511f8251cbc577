package dev.lastcall.management.telemetry;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseOutcome;
import dev.lastcall.drain.ReleaseResult;
import dev.lastcall.drain.Totals;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.List;

/**
 * One drain as one trace, written in hindsight from its notes: nothing is held open meanwhile, and a drain that is undone, joined or cut short
 * cannot leave a span behind. The names are those of the report.
 */
final class DrainTrace {
    private static final AttributeKey<String> STAGE = AttributeKey.stringKey("lastcall.stage");
    private static final AttributeKey<String> STEP = AttributeKey.stringKey("lastcall.step");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("lastcall.outcome");
    private static final AttributeKey<List<String>> TRIGGERS = AttributeKey.stringArrayKey("lastcall.triggers");
    private static final AttributeKey<Long> GENERATION = AttributeKey.longKey("lastcall.generation");

    private static final AttributeKey<Long> SERVED = AttributeKey.longKey("lastcall.served");
    private static final AttributeKey<Long> REJECTED = AttributeKey.longKey("lastcall.rejected");
    private static final AttributeKey<Long> CUT = AttributeKey.longKey("lastcall.cut");
    private static final AttributeKey<Long> LEFT = AttributeKey.longKey("lastcall.left");
    private static final AttributeKey<Long> LOST = AttributeKey.longKey("lastcall.lost");

    private final Tracer tracer;

    DrainTrace(Tracer tracer) {
        this.tracer = tracer;
    }

    /**
     * Writes the trace; the exporter sends it later.
     *
     * @param notes of one generation, at least one
     * @param release what has been released so far
     * @param totals since the drain began
     * @param end of the drain, or of what can be told of it
     */
    void write(List<Note> notes, List<ReleaseResult> release, Totals totals, Instant end) {
        Note first = notes.get(0);
        Span drain = tracer.spanBuilder("drain")
                .setNoParent()
                .setStartTimestamp(first.at().minus(first.elapsed()))
                .setAttribute(GENERATION, first.generation())
                .setAttribute(TRIGGERS, details(notes, Note.Event.TRIGGER))
                .setAttribute(SERVED, totals.served())
                .setAttribute(REJECTED, totals.rejected())
                .setAttribute(CUT, totals.cut())
                .setAttribute(LEFT, totals.left())
                .setAttribute(LOST, totals.lost())
                .startSpan();
        if (totals.cut() > 0 || totals.lost() > 0) {
            drain.setStatus(StatusCode.ERROR, "work was cut or lost");
        }
        details(notes, Note.Event.WARNING).forEach(drain::addEvent);
        writeStages(notes, release, Context.root().with(drain), end);
        drain.end(end);
    }

    private static List<String> details(List<Note> notes, Note.Event event) {
        return notes.stream()
                .filter(note -> note.event() == event)
                .map(Note::detail)
                .toList();
    }

    private void writeStages(List<Note> notes, List<ReleaseResult> release, Context parent, Instant end) {
        List<Note> entered =
                notes.stream().filter(note -> note.event() == Note.Event.STATE).toList();
        for (int i = 0; i < entered.size(); i++) {
            Note stage = entered.get(i);
            boolean last = i + 1 == entered.size();
            switch (stage.state()) {
                case SERVING, STOPPED -> {
                    // The first is what an undrain goes back to, the other lasts for ever: neither is a stage of the
                    // drain.
                }
                default ->
                    writeStage(
                            stage,
                            release,
                            parent,
                            last ? end : entered.get(i + 1).at());
            }
        }
    }

    private void writeStage(Note stage, List<ReleaseResult> release, Context parent, Instant end) {
        String key = stage.state().key();
        Span span = begin(key, parent, stage.at()).setAttribute(STAGE, key).startSpan();
        if (stage.state() == DrainState.RELEASING) {
            release.forEach(step -> writeStep(step, parent.with(span)));
        }
        span.end(end);
    }

    private void writeStep(ReleaseResult step, Context parent) {
        Span span = begin("release " + step.name(), parent, step.startedAt())
                .setAttribute(STEP, step.name())
                .setAttribute(STAGE, step.stage().key())
                .setAttribute(OUTCOME, outcome(step.outcome()))
                .startSpan();
        if (step.outcome() instanceof ReleaseOutcome.Failed failed) {
            span.recordException(failed.cause());
        }
        if (!step.released()) {
            span.setStatus(StatusCode.ERROR, outcome(step.outcome()));
        }
        span.end(step.startedAt().plus(step.took()));
    }

    private SpanBuilder begin(String name, Context parent, Instant at) {
        return tracer.spanBuilder(name).setParent(parent).setStartTimestamp(at);
    }

    static String outcome(ReleaseOutcome outcome) {
        if (outcome instanceof ReleaseOutcome.Released) {
            return "released";
        }
        return outcome instanceof ReleaseOutcome.TimedOut ? "timed out" : "failed";
    }
}
