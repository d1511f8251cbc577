package dev.lastcall.fleet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The numbers of all drains with the same trigger and exit.
 *
 * @param trigger the first one of the drain; {@code none} for a process that was lost while it served
 * @param exit the exit code, or {@code undone}, {@code expired}, {@code lost}
 * @param drains how many there were
 * @param cut requests and streams that were ended by force
 * @param rejected requests that were answered 503
 * @param runsLost runs that nobody goes on with
 * @param releaseTimeouts release steps that did not end in their time
 */
public record DrainCount(
        String trigger, String exit, long drains, long cut, long rejected, long runsLost, long releaseTimeouts) {
    static final String NO_TRIGGER = "none";
    private static final String EXPIRED = "pre-stop expired";

    /** Counts one drain by its report. */
    static DrainCount of(PastDrain drain) {
        JsonObject report = drain.report();
        JsonArray triggers = report.getJsonArray("triggers", new JsonArray());
        return new DrainCount(
                triggers.isEmpty() ? NO_TRIGGER : triggers.getString(0),
                exit(drain),
                1,
                report.getLong("cut", 0L),
                report.getLong("rejected", 0L),
                report.getLong("lost", 0L),
                objects(report, "release")
                        .filter(step -> "timed out".equals(step.getString("outcome")))
                        .count());
    }

    private static String exit(PastDrain drain) {
        return switch (drain.ending()) {
            case ENDED -> Long.toString(drain.report().getLong("exit-code", 0L));
            case LOST -> "lost";
            case UNDONE ->
                objects(drain.report(), "timeline").anyMatch(note -> EXPIRED.equals(note.getString("detail")))
                        ? "expired"
                        : "undone";
        };
    }

    private static Stream<JsonObject> objects(JsonObject report, String list) {
        return Optional.ofNullable(report.getJsonArray(list)).stream()
                .flatMap(JsonArray::stream)
                .map(JsonObject.class::cast);
    }
}
