package dev.lastcall.management;

import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.Trigger;
import dev.lastcall.shutdown.ReportJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The drain on the wire. Every key is always there; null says that it does not apply. */
final class DrainJson {
    private DrainJson() {}

    static JsonObject of(DrainView view) {
        JsonObject json = new JsonObject()
                .put("state", view.state().key())
                .put("ready", view.ready())
                .put("generation", view.generation())
                .put("triggers", view.triggers().stream().map(Trigger::key).toList())
                .put("asked-by", view.request() == null ? null : view.request().askedBy())
                .put("reason", view.request() == null ? null : view.request().reason())
                .put("started-at", text(view.startedAt()))
                .put("deadline", text(view.deadline()))
                .put(
                        "remaining-ms",
                        view.remaining() == null ? null : view.remaining().toMillis())
                .put("in-flight", inFlight(view.inFlight()));
        return json.mergeIn(ReportJson.counts(view.totals()))
                .put("since-start", ReportJson.counts(view.sinceStart()))
                .put("stages", stages(view.notes()));
    }

    /** Encodes one note of the timeline. */
    static JsonObject of(Note note) {
        return new JsonObject()
                .put("at", text(note.at()))
                .put("elapsed-ms", note.elapsed().toMillis())
                .put("generation", note.generation())
                .put("state", note.state().key())
                .put("event", event(note))
                .put("detail", note.detail())
                .put("lasted-ms", note.lasted().toMillis());
    }

    /** The word for what a note tells. */
    static String event(Note note) {
        return note.event().name().toLowerCase(Locale.ROOT);
    }

    private static JsonObject inFlight(Map<EntryClass, Long> counts) {
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        JsonObject json = new JsonObject().put("total", total);
        counts.forEach((kind, count) -> json.put(kind.key(), count));
        return json;
    }

    /** The stages entered so far; the note that ends a stage has its duration. */
    private static JsonArray stages(List<Note> notes) {
        JsonArray stages = new JsonArray();
        for (Note note : notes) {
            if (note.event() == Note.Event.STATE) {
                if (!stages.isEmpty()) {
                    stages.getJsonObject(stages.size() - 1)
                            .put("lasted-ms", note.lasted().toMillis());
                }
                stages.add(new JsonObject()
                        .put("stage", note.state().key())
                        .put("at", text(note.at()))
                        .put("elapsed-ms", note.elapsed().toMillis())
                        .putNull("lasted-ms"));
            }
        }
        return stages;
    }

    static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
