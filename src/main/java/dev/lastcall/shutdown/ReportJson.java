package dev.lastcall.shutdown;

import dev.lastcall.drain.DrainRequest;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.EntryView;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseOutcome;
import dev.lastcall.drain.ReleaseResult;
import dev.lastcall.drain.Report;
import dev.lastcall.drain.Totals;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report as JSON: durations in milliseconds, instants as ISO-8601. */
public final class ReportJson {
    private static final int CAUSE_LIMIT = 160;

    /** Not the codec of {@link JsonObject#encode()}, which writes as the application has configured its own JSON, on several lines perhaps. */
    private static final JacksonCodec CODEC = new JacksonCodec();

    private final JsonObject root = new JsonObject();

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
        JsonArray triggers = json.list("triggers");
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
        json.root.put("release", releaseOf(report.release()));
        json.root.put("cuts", cutsOf(report.cuts().named()));
        json.root.put("timeline", timelineOf(drain.notes()));
        return json;
    }

    /** A drain that was undone: it has no exit code and released nothing. */
    public static ReportJson ofUndone(Report report) {
        ReportJson json = new ReportJson();
        List<Note> notes = report.drain().notes();
        // Not the view's triggers: a pre-stop that expired is among them no more.
        JsonArray triggers = json.list("triggers");
        notes.stream().filter(note -> note.event() == Note.Event.TRIGGER).forEach(note -> triggers.add(note.detail()));
        json.addRequest(report.drain().request());
        json.addNumbers(report);
        json.addStages(notes);
        json.root.put("cuts", cutsOf(report.cuts().named()));
        json.root.put("timeline", timelineOf(notes));
        return json;
    }

    private JsonArray list(String name) {
        JsonArray list = new JsonArray();
        root.put(name, list);
        return list;
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
        root.mergeIn(counts(report.drain().totals()));
        JsonObject byClass = new JsonObject();
        report.cuts().countByClass().forEach((kind, count) -> byClass.put(kind.key(), count));
        if (!byClass.isEmpty()) {
            root.put("cut-by-class", byClass);
        }
    }

    /** How many ended, and how. */
    public static JsonObject counts(Totals totals) {
        return new JsonObject()
                .put("served", totals.served())
                .put("rejected", totals.rejected())
                .put("cut", totals.cut())
                .put("left", totals.left())
                .put("crossed", totals.crossed())
                .put("handed-off", totals.handedOff())
                .put("lost", totals.lost())
                .put("broken-off", totals.brokenOff());
    }

    /** Adds the duration of each stage; a note of a change has the duration of the stage that it ended. */
    private void addStages(List<Note> notes) {
        JsonArray stages = list("stages");
        DrainState current = DrainState.SERVING;
        for (Note note : notes) {
            if (note.event() == Note.Event.STATE) {
                if (current != DrainState.SERVING) {
                    stages.add(new JsonObject()
                            .put("stage", current.key())
                            .put("lasted-ms", note.lasted().toMillis()));
                }
                current = note.state();
            }
        }
    }

    private static JsonArray releaseOf(List<ReleaseResult> results) {
        JsonArray release = new JsonArray();
        for (ReleaseResult result : results) {
            JsonObject step = new JsonObject()
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
            release.add(step);
        }
        return release;
    }

    private static String outcome(ReleaseOutcome outcome) {
        if (outcome instanceof ReleaseOutcome.Released) {
            return "released";
        }
        return outcome instanceof ReleaseOutcome.TimedOut ? "timed out" : "failed";
    }

    private static JsonArray cutsOf(List<EntryView> entries) {
        JsonArray cuts = new JsonArray();
        for (EntryView entry : entries) {
            cuts.add(new JsonObject()
                    .put("class", entry.kind().key())
                    .put("method", entry.method())
                    .put("path", entry.path())
                    .put("age-ms", entry.age().toMillis()));
        }
        return cuts;
    }

    private static JsonArray timelineOf(List<Note> notes) {
        JsonArray timeline = new JsonArray();
        for (Note note : notes) {
            timeline.add(new JsonObject()
                    .put("at-ms", note.elapsed().toMillis())
                    .put("event", note.event().name().toLowerCase(Locale.ROOT))
                    .put(
                            "detail",
                            note.event() == Note.Event.STATE ? note.state().key() : shortened(note.detail())));
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
            JsonArray entries = root.getJsonArray(list, new JsonArray());
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
        return CODEC.toString(root, false);
    }
}
