package dev.lastcall.shutdown;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lastcall.drain.DrainRequest;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.EntryView;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseOutcome;
import dev.lastcall.drain.ReleaseResult;
import dev.lastcall.drain.Report;
import dev.lastcall.drain.Totals;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report as JSON: durations in milliseconds, instants as ISO-8601. */
public final class ReportJson {
    private static final int CAUSE_LIMIT = 160;

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();

    private ReportJson() {}

    /**
     * Encodes a whole report.
     *
     * @param exitCode the process' own, which knows more than the report where a watchdog ends it
     */
    public static ReportJson of(Report report, int exitCode) {
        ReportJson json = new ReportJson();
        DrainView drain = report.drain();
        json.root.put("exit-code", exitCode).put("state", drain.state().key());
        ArrayNode triggers = json.root.putArray("triggers");
        drain.triggers().forEach(trigger -> triggers.add(trigger.key()));
        json.addRequest(drain.request());
        if (drain.startedAt() != null) {
            json.root.put("started-at", millis(drain.startedAt()));
        }
        if (drain.deadline() != null) {
            json.root.put("deadline", millis(drain.deadline()));
        }
        json.addNumbers(report);
        if (LogQueue.droppedLines() > 0) {
            json.root.put("log-lines-dropped", LogQueue.droppedLines());
        }
        json.addStages(drain.notes());
        json.root.set("release", releaseOf(report.release()));
        json.root.set("cuts", cutsOf(report.cuts().named()));
        json.root.set("timeline", timelineOf(drain.notes()));
        return json;
    }

    /** A drain that was undone: it has no exit code and released nothing. */
    public static ReportJson ofUndone(Report report) {
        ReportJson json = new ReportJson();
        List<Note> notes = report.drain().notes();
        // Not the view's triggers: a pre-stop that expired is among them no more.
        ArrayNode triggers = json.root.putArray("triggers");
        notes.stream().filter(note -> note.event() == Note.Event.TRIGGER).forEach(note -> triggers.add(note.detail()));
        json.addRequest(report.drain().request());
        json.addNumbers(report);
        json.addStages(notes);
        json.root.set("cuts", cutsOf(report.cuts().named()));
        json.root.set("timeline", timelineOf(notes));
        return json;
    }

    /** Formats an instant as the drain API does. */
    private static String millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private void addRequest(@Nullable DrainRequest request) {
        if (request != null) {
            root.put("asked-by", request.askedBy());
            if (request.reason() != null) {
                root.put("reason", request.reason());
            }
        }
    }

    private void addNumbers(Report report) {
        Totals totals = report.drain().totals();
        root.put("served", totals.served())
                .put("rejected", totals.rejected())
                .put("cut", totals.cut())
                .put("left", totals.left())
                .put("crossed", totals.crossed())
                .put("handed-off", totals.handedOff())
                .put("lost", totals.lost())
                .put("broken-off", totals.brokenOff());
        report.cuts().countByClass().forEach((kind, count) -> root.withObject("/cut-by-class")
                .put(kind.key(), count));
    }

    /** Adds the duration of each stage; a note of a change has the duration of the stage that it ended. */
    private void addStages(List<Note> notes) {
        ArrayNode stages = root.putArray("stages");
        DrainState current = DrainState.SERVING;
        for (Note note : notes) {
            if (note.event() == Note.Event.STATE) {
                if (current != DrainState.SERVING) {
                    stages.addObject()
                            .put("stage", current.key())
                            .put("lasted-ms", note.lasted().toMillis());
                }
                current = note.state();
            }
        }
    }

    private static ArrayNode releaseOf(List<ReleaseResult> results) {
        ArrayNode release = JsonNodeFactory.instance.arrayNode();
        for (ReleaseResult result : results) {
            ObjectNode step = release.addObject()
                    .put("step", result.name())
                    .put("stage", result.stage().key())
                    .put("outcome", outcome(result.outcome()))
                    .put("took-ms", result.took().toMillis());
            if (result.optional()) {
                step.put("optional", true);
            }
            if (!result.detail().isEmpty()) {
                step.put("detail", shortened(result.detail()));
            }
            if (result.outcome() instanceof ReleaseOutcome.Failed failed) {
                step.put("cause", shortened(failed.cause().toString()));
            }
        }
        return release;
    }

    private static String outcome(ReleaseOutcome outcome) {
        if (outcome instanceof ReleaseOutcome.Released) {
            return "released";
        }
        return outcome instanceof ReleaseOutcome.TimedOut ? "timed out" : "failed";
    }

    private static ArrayNode cutsOf(List<EntryView> entries) {
        ArrayNode cuts = JsonNodeFactory.instance.arrayNode();
        for (EntryView entry : entries) {
            cuts.addObject()
                    .put("class", entry.kind().key())
                    .put("method", entry.method())
                    .put("path", entry.path())
                    .put("age-ms", entry.age().toMillis());
        }
        return cuts;
    }

    private static ArrayNode timelineOf(List<Note> notes) {
        ArrayNode timeline = JsonNodeFactory.instance.arrayNode();
        for (Note note : notes) {
            timeline.addObject()
                    .put("at-ms", note.elapsed().toMillis())
                    .put("event", note.event().name().toLowerCase(Locale.ROOT))
                    .put(
                            "detail",
                            note.event() == Note.Event.STATE ? note.state().key() : shortened(note.detail()));
        }
        return timeline;
    }

    private static String shortened(String text) {
        return text.length() > CAUSE_LIMIT ? text.substring(0, CAUSE_LIMIT) + "…" : text;
    }

    /**
     * Returns this report in at most so many bytes of UTF-8: without the later cuts first, then without the later timeline and release
     * steps.
     */
    String within(int limit) {
        for (String list : List.of("cuts", "timeline", "release", "stages")) {
            ArrayNode entries = root.withArray("/" + list);
            while (size() > limit && !entries.isEmpty()) {
                entries.remove(entries.size() - 1);
                root.put("shortened", true);
            }
        }
        return toString();
    }

    private int size() {
        return toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** The whole report, on one line. */
    @Override
    public String toString() {
        return root.toString();
    }
}
