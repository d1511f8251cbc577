package dev.lastcall.fleet;

import dev.lastcall.drain.DrainView;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * One published status of a pod, as stored in Redis.
 *
 * @param beat counts this instance's statuses: the same number twice is an old status, whatever the clocks say
 */
record PeerStatus(
        String pod,
        String instance,
        long beat,
        String state,
        boolean ready,
        @Nullable Instant startedAt,
        @Nullable Instant deadline,
        long inFlight) {

    static PeerStatus of(Identity identity, long beat, DrainView view) {
        long inFlight =
                view.inFlight().values().stream().mapToLong(Long::longValue).sum();
        return new PeerStatus(
                identity.pod(),
                identity.instance(),
                beat,
                view.state().key(),
                view.ready(),
                view.startedAt(),
                view.deadline(),
                inFlight);
    }

    Peer seen(Duration ago) {
        return new Peer(pod, instance, state, ready, startedAt, deadline, inFlight, ago);
    }

    String text() {
        return new JsonObject()
                .put("pod", pod)
                .put("instance", instance)
                .put("beat", beat)
                .put("state", state)
                .put("ready", ready)
                .put("started-at", startedAt == null ? null : startedAt.toString())
                .put("deadline", deadline == null ? null : deadline.toString())
                .put("in-flight", inFlight)
                .encode();
    }

    /** Null where it is none: whoever may write to the Redis may write anything, and an old version another form. */
    static @Nullable PeerStatus parse(String text) {
        try {
            JsonObject json = new JsonObject(text);
            String pod = json.getString("pod");
            String instance = json.getString("instance");
            String state = json.getString("state");
            if (pod == null || instance == null || state == null) {
                return null;
            }
            return new PeerStatus(
                    pod,
                    instance,
                    json.getLong("beat", 0L),
                    state,
                    json.getBoolean("ready", false),
                    instant(json.getString("started-at")),
                    instant(json.getString("deadline")),
                    json.getLong("in-flight", 0L));
        } catch (DecodeException | ClassCastException | DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }
}
