package dev.lastcall.fleet;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
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
        long inFlight,
        @Nullable String console) {

    /** In characters: more than any of ours. */
    static final int LONGEST = 1024;
    /** The most by which the clocks of two machines may differ. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private static final Duration LATEST_DEADLINE = Duration.ofDays(7);
    private static final Duration LONGEST_DRAIN = Duration.ofDays(365);
    private static final long MOST_IN_FLIGHT = 1_000_000_000;

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
                inFlight,
                identity.console().orElse(null));
    }

    Peer seen(Duration ago) {
        return new Peer(pod, instance, state, ready, startedAt, deadline, inFlight, ago, console);
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
                .put("console", console)
                .encode();
    }

    /**
     * Null where it is none: whoever may write to the Redis may write anything, and an old version another form. Times that cannot be are left
     * out: the clock that they are of goes wrong, and the pod is there all the same.
     */
    static @Nullable PeerStatus parse(String text, Instant now) {
        if (text.length() > LONGEST) {
            return null;
        }
        try {
            JsonObject json = new JsonObject(text);
            PeerStatus status = new PeerStatus(
                    json.getString("pod"),
                    json.getString("instance"),
                    json.getLong("beat", 0L),
                    json.getString("state"),
                    json.getBoolean("ready", false),
                    within(json.getString("started-at"), now.minus(LONGEST_DRAIN), now.plus(SKEW)),
                    within(json.getString("deadline"), now.minus(LONGEST_DRAIN), now.plus(LATEST_DEADLINE)),
                    json.getLong("in-flight", 0L),
                    ConsoleAddress.checked(json.getString("console")));
            return status.isPlausible() ? status : null;
        } catch (RuntimeException e) {
            // No JSON, or members of other types.
            return null;
        }
    }

    private static @Nullable Instant within(@Nullable String text, Instant earliest, Instant latest) {
        Instant written = text == null ? null : Instant.parse(text);
        boolean can = written != null && !written.isBefore(earliest) && !written.isAfter(latest);
        return can ? written : null;
    }

    private boolean isPlausible() {
        boolean known =
                Stream.of(DrainState.values()).anyMatch(each -> each.key().equals(state));
        return Identity.isPod(pod)
                && Identity.isInstance(instance)
                && known
                && beat >= 0
                && inFlight >= 0
                && inFlight <= MOST_IN_FLIGHT;
    }
}
