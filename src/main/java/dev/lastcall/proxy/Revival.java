package dev.lastcall.proxy;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Trigger;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Takes a pre-stop back when the application comes back. Its preStop runs also where only its own container is restarted, and nobody tells
 * us: but an application that was down and is healthy again has not been terminated with its pod. Asks only while such a pre-stop waits
 * for its signal. On one event loop.
 */
final class Revival {
    private static final long NOT_WATCHING = -1;

    private final Vertx vertx;
    private final Drain drain;
    private final ApplicationHealth health;
    private final Duration pace;
    private long timer = NOT_WATCHING;
    private boolean down;

    /** @param pace how often the application is asked */
    Revival(Vertx vertx, Drain drain, ApplicationHealth health, Duration pace) {
        this.vertx = vertx;
        this.drain = drain;
        this.health = health;
        this.pace = pace;
    }

    void follow() {
        var context = vertx.getOrCreateContext();
        drain.subscribe(note -> {
            // From RELEASING on the event loop may be gone.
            if (note.state().compareTo(DrainState.RELEASING) < 0) {
                context.runOnContext(later -> noted());
            }
        });
    }

    private void noted() {
        DrainView view = drain.view();
        boolean waiting = view.triggers().contains(Trigger.PRE_STOP)
                && view.triggers().stream().noneMatch(Trigger::endsProcess)
                && view.state() != DrainState.SERVING;
        if (!waiting) {
            vertx.cancelTimer(timer);
            timer = NOT_WATCHING;
        } else if (timer == NOT_WATCHING) {
            down = false;
            timer = vertx.setPeriodic(pace.toMillis(), due -> look(due));
        }
    }

    private void look(long asked) {
        health.check().onSuccess(up -> {
            if (asked != timer) {
                return;
            }
            if (!up) {
                down = true;
            } else if (down) {
                // Refused in CANCELLING; the next look asks again.
                drain.expirePreStop();
            }
        });
    }
}
