package dev.lastcall.management.telemetry;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseResult;
import dev.lastcall.drain.Report;
import dev.lastcall.drain.Totals;
import dev.lastcall.drain.Trigger;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.util.List;

/** A report as metrics of OpenTelemetry, by the names that Prometheus has them under, with dots. */
record LastMetrics(Meter meter) {
    private static final AttributeKey<String> TRIGGER = AttributeKey.stringKey("trigger");
    private static final AttributeKey<String> EXIT = AttributeKey.stringKey("exit");
    private static final AttributeKey<String> CLASS = AttributeKey.stringKey("class");
    private static final AttributeKey<String> STAGE = AttributeKey.stringKey("stage");
    private static final AttributeKey<String> STEP = AttributeKey.stringKey("step");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");

    void of(Report report) {
        Totals all = report.drain().sinceStart();
        count("lastcall.requests.served", all.served(), Attributes.empty());
        count("lastcall.requests.rejected", all.rejected(), Attributes.empty());
        count("lastcall.requests.left", all.left(), Attributes.empty());
        report.cuts()
                .countByClass()
                .forEach((EntryClass kind, Long count) ->
                        count("lastcall.requests.cut", count, Attributes.of(CLASS, kind.key())));
        count("lastcall.runs.lost", all.lost(), Attributes.empty());
        List<Trigger> triggers = report.drain().triggers();
        count(
                "lastcall.drains",
                1,
                Attributes.of(
                        TRIGGER,
                        triggers.isEmpty() ? "none" : triggers.get(0).key(),
                        EXIT,
                        Integer.toString(report.exitCode())));
        Duration left = report.drain().remaining();
        if (left != null) {
            seconds("lastcall.drain.deadline.remaining", left.toNanos() / 1e9, Attributes.empty());
        }
        stages(report.drain().notes());
        report.release().forEach(this::step);
    }

    private void stages(List<Note> notes) {
        DrainState current = DrainState.SERVING;
        for (Note note : notes) {
            if (note.event() == Note.Event.STATE) {
                if (current != DrainState.SERVING) {
                    seconds("lastcall.drain", note.lasted().toNanos() / 1e9, Attributes.of(STAGE, current.key()));
                }
                current = note.state();
            }
        }
    }

    private void step(ReleaseResult step) {
        seconds(
                "lastcall.release",
                step.took().toNanos() / 1e9,
                Attributes.of(STEP, step.name(), OUTCOME, DrainTrace.outcome(step.outcome())));
    }

    private void count(String name, long value, Attributes attributes) {
        meter.counterBuilder(name).build().add(value, attributes);
    }

    private void seconds(String name, double value, Attributes attributes) {
        meter.gaugeBuilder(name).setUnit("s").build().set(value, attributes);
    }
}
