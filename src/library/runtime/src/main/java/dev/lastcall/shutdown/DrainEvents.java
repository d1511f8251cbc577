package dev.lastcall.shutdown;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainStateChanged;
import dev.lastcall.drain.Note;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ManagedContext;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;

/** Fires {@link DrainStateChanged} on a thread of its own, in order: the engine's notes come on its timer thread, which must not wait. */
@Singleton
final class DrainEvents {
    private static final Logger LOG = Logger.getLogger(DrainEvents.class);

    private final Drain drain;
    private final Event<DrainStateChanged> event;
    private final BlockingQueue<DrainStateChanged> changes = new LinkedBlockingQueue<>();
    private DrainState last = DrainState.SERVING;

    DrainEvents(Drain drain, Event<DrainStateChanged> event) {
        this.drain = drain;
        this.event = event;
    }

    void follow() {
        Thread thread = new Thread(this::fireAll, "lastcall-drain-events");
        thread.setDaemon(true);
        thread.start();
        drain.subscribe(this::noted);
    }

    private void noted(Note note) {
        boolean changed = note.event() == Note.Event.STATE || note.event() == Note.Event.UNDRAIN;
        if (changed && note.state() != last) {
            changes.add(new DrainStateChanged(last, note.state(), note.at()));
            last = note.state();
        }
    }

    private void fireAll() {
        try {
            while (true) {
                fire(changes.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fire(DrainStateChanged change) {
        ManagedContext request = Arc.container().requestContext();
        request.activate();
        try {
            event.fire(change);
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "an observer of DrainStateChanged failed: state=%s",
                    change.state().key());
        } finally {
            request.terminate();
        }
    }
}
