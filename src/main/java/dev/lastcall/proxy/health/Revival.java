package dev.lastcall.proxy.health;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Trigger;
import dev.lastcall.proxy.health.ApplicationHealth.Health;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * Undoes a pre-stop when only the application's container was restarted. The kubelet runs preStop in that case too and says nothing else;
 * but an application that was down and is healthy again was not terminated with its pod. The kubelet restarts a container only after its
 * preStop, so only a drained application is looked at; and one that is merely slow has not been down: only one that refuses connections
 * has. On one event loop.
 */
public final class Revival {
    private static final long NOT_WATCHING = -1;
    /** With any other trigger it is known that the pod ends, or this process. */
    private static final Set<Trigger> UNDOABLE = EnumSet.of(Trigger.PRE_STOP, Trigger.OPERATOR);

    private final Vertx vertx;
    private final Drain drain;
    private final ApplicationHealth health;
    private final Duration pace;
    private long timer = NOT_WATCHING;
    private boolean down;

    /** @param pace how often the application is asked */
    public Revival(Vertx vertx, Drain drain, ApplicationHealth health, Duration pace) {
        this.vertx = vertx;
        this.drain = drain;
        this.health = health;
        this.pace = pace;
    }

    /** Begins to listen to the drain. */
    public void follow() {
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
        boolean waiting = view.state() == DrainState.DRAINED
                && view.triggers().contains(Trigger.PRE_STOP)
                && UNDOABLE.containsAll(view.triggers());
        if (!waiting) {
            vertx.cancelTimer(timer);
            timer = NOT_WATCHING;
        } else if (timer == NOT_WATCHING) {
            down = false;
            timer = vertx.setPeriodic(pace.toMillis(), due -> look(due));
        }
    }

    private void look(long asked) {
        health.check().onSuccess(found -> {
            if (asked != timer) {
                return;
            }
            if (found == Health.REFUSED) {
                down = true;
            } else if (found == Health.UP && down) {
                drain.expirePreStop();
            }
        });
    }
}
