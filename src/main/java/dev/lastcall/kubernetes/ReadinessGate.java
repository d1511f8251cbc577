package dev.lastcall.kubernetes;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.problem.Backoff;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a condition of the pod at what the drain says of readiness. One patch is under way at a time; what changed meanwhile is sent behind
 * it, and what the server does not take is sent again. On one event loop.
 */
final class ReadinessGate implements OwnPodListener {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Drain drain;
    private final OwnPod own;
    private final String type;
    private final Backoff backoff = new Backoff(
            Integer.MAX_VALUE, LONGEST_PAUSE, () -> ThreadLocalRandom.current().nextDouble());

    private @Nullable String uid;
    private @Nullable Boolean taken;
    private boolean underWay;
    private int failures;

    /** @param type of the condition */
    ReadinessGate(Vertx vertx, Drain drain, OwnPod own, String type) {
        this.vertx = vertx;
        this.drain = drain;
        this.own = own;
        this.type = type;
    }

    /** Tells every change of the drain from now on, as soon as the pod was seen. */
    void follow(Context context) {
        drain.subscribe(note -> {
            // From RELEASING on the event loop may be gone.
            if (note.state().compareTo(DrainState.RELEASING) < 0) {
                context.runOnContext(changed -> update());
            }
        });
    }

    @Override
    public void seen(PodObject pod, @Nullable Instant now) {
        if (uid == null) {
            uid = pod.uid();
            update();
        }
    }

    private void update() {
        boolean ready = drain.ready();
        if (uid == null || underWay || Objects.equals(taken, ready)) {
            return;
        }
        underWay = true;
        own.patch("application/strategic-merge-patch+json", change(ready), accepted -> {
            failures = accepted ? 0 : failures + 1;
            taken = accepted ? Boolean.valueOf(ready) : taken;
            Duration wait =
                    accepted ? Duration.ZERO : backoff.delay(failures - 1, null).orElse(LONGEST_PAUSE);
            vertx.setTimer(Math.max(1, wait.toMillis()), due -> {
                underWay = false;
                update();
            });
        });
    }

    private JsonObject change(boolean ready) {
        JsonObject condition = new JsonObject()
                .put("type", type)
                .put("status", ready ? "True" : "False")
                .put("reason", ready ? "Serving" : "Draining")
                .put("message", "drain state " + drain.state().key())
                .put(
                        "lastTransitionTime",
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        return new JsonObject()
                .put("metadata", new JsonObject().put("uid", uid))
                .put("status", new JsonObject().put("conditions", new JsonArray().add(condition)));
    }
}
