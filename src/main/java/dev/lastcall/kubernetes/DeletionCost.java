package dev.lastcall.kubernetes;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pod's deletion cost at the number of what would be broken off: runs, streams, WebSockets, TCP connections. Looked at once in an
 * interval, because work comes and goes too often for an event each; written where the number has doubled or halved, because each write
 * costs the API server and every watcher of the pod. On one event loop.
 */
final class DeletionCost implements OwnPodListener {
    private final Vertx vertx;
    private final Drain drain;
    private final InFlight inFlight;
    private final OwnPod own;
    private final Duration interval;
    private @Nullable String uid;
    private long written;
    private boolean underWay;

    DeletionCost(Vertx vertx, Drain drain, InFlight inFlight, OwnPod own, Duration interval) {
        this.vertx = vertx;
        this.drain = drain;
        this.inFlight = inFlight;
        this.own = own;
        this.interval = interval;
    }

    @Override
    public void seen(PodObject pod, @Nullable Instant now) {
        written = number(pod.deletionCost());
        if (uid == null) {
            uid = pod.uid();
            vertx.setPeriodic(interval.toMillis(), this::look);
        }
    }

    private void look(long timer) {
        // A pod that drains was chosen already.
        if (underWay || drain.state() != DrainState.SERVING) {
            return;
        }
        long cost = cost(inFlight.countByClass());
        if (magnitude(cost) != magnitude(written)) {
            underWay = true;
            own.patch("application/merge-patch+json", change(cost), taken -> {
                underWay = false;
                written = taken ? cost : written;
            });
        }
    }

    /** With the pod's uid, which makes the server refuse it for another pod of the same name. */
    private JsonObject change(long cost) {
        JsonObject annotations = new JsonObject().put(PodObject.COST, Long.toString(cost));
        return new JsonObject().put("metadata", new JsonObject().put("uid", uid).put("annotations", annotations));
    }

    /** Short requests end in any drain. The annotation is an int32. */
    static long cost(Map<EntryClass, Long> counts) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        return Math.min(Integer.MAX_VALUE, all - counts.getOrDefault(EntryClass.UNARY, 0L));
    }

    private static int magnitude(long count) {
        return Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, count));
    }

    private static long number(@Nullable String written) {
        try {
            return written == null ? 0 : Integer.parseInt(written);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
