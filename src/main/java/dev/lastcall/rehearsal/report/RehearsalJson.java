package dev.lastcall.rehearsal.report;

import dev.lastcall.rehearsal.load.LoadLedger;
import dev.lastcall.rehearsal.load.Loss;
import dev.lastcall.rehearsal.pod.PodEvent;
import dev.lastcall.rehearsal.pod.PodHistory;
import dev.lastcall.rehearsal.pod.PodPhase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** A result as one JSON object for programs; times are seconds since the start. Fields may be added to it, none is renamed. */
public final class RehearsalJson {
    private RehearsalJson() {}

    /** Returns the object as text. */
    public static String of(RehearsalResult result) {
        JsonObject settings = new JsonObject();
        result.settings().forEach(settings::put);
        JsonObject byKind = new JsonObject();
        result.ledger().lostByKind().forEach((kind, count) -> byKind.put(kind.words(), count));
        JsonArray load = new JsonArray();
        result.kinds().forEach((kind, request) -> {
            LoadLedger.Count count = result.ledger().count(kind);
            load.add(new JsonObject()
                    .put("kind", kind.words())
                    .put("request", request)
                    .put("served", count.served())
                    .put("lost", count.lost())
                    .put("retried", count.retried()));
        });
        JsonArray pods = new JsonArray();
        result.pods().forEach(pod -> pods.add(pod(pod)));
        JsonArray losses = new JsonArray();
        result.ledger().losses().forEach(loss -> losses.add(loss(loss)));
        return new JsonObject()
                .put("program", result.program())
                .put("settings", settings)
                .put("seconds", seconds(result.length()))
                .put("replaced", result.ends().count())
                .put("requests", result.ledger().ended())
                .put("lost", result.ledger().lost())
                .put("lostByKind", byKind)
                .put("load", load)
                .put("pods", pods)
                .put("losses", losses)
                .put("notes", new JsonArray(result.notes()))
                .encodePrettily();
    }

    private static JsonObject pod(PodHistory pod) {
        JsonArray events = new JsonArray();
        for (PodEvent event : pod.events()) {
            events.add(new JsonObject()
                    .put("event", event.kind().words())
                    .put("at", seconds(event.at()))
                    .put("detail", event.detail()));
        }
        JsonObject object = new JsonObject().put("pod", pod.pod()).put("events", events);
        RehearsalResult.timeToGo(pod).ifPresent(time -> object.put("secondsToGo", seconds(time)));
        return object;
    }

    private static JsonObject loss(Loss loss) {
        JsonObject object = new JsonObject()
                .put("at", seconds(loss.at()))
                .put("begun", seconds(loss.begun()))
                .put("load", loss.load().words())
                .put("kind", loss.kind().words())
                .put("detail", loss.detail())
                .put("pod", loss.pod())
                .put("phase", loss.phase().map(PodPhase::words).orElse(""))
                .put("node", loss.node())
                .put("reusedConnection", loss.reused());
        loss.sinceEnd().ifPresent(since -> object.put("sinceEnd", seconds(since)));
        return object;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
