package dev.lastcall.http;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.FinalResponses;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Note;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The open connections that have sent a request, and the phase they are in. Thread-safe. */
@Singleton
final class Connections {
    /** For an event loop to come round; one that is blocked is not waited for. */
    private static final long TURN_MS = 500;

    private final Set<ServedConnection> open = ConcurrentHashMap.newKeySet();
    private final Drain drain;
    private final InFlight inFlight;
    private final FinalResponses finalResponses;
    private final boolean serves;

    Connections(Drain drain, InFlight inFlight, FinalResponses finalResponses, DrainSettings settings) {
        this.drain = drain;
        this.inFlight = inFlight;
        this.finalResponses = finalResponses;
        serves = settings.serveAfterLameDuck();
        drain.subscribe(this::noted);
    }

    private void noted(Note note) {
        if (note.event() == Note.Event.STATE) {
            CompletableFuture<Void> entered =
                    CompletableFuture.allOf(open.stream().map(this::enter).toArray(CompletableFuture[]::new));
            if (note.state() == DrainState.DRAINED) {
                // The last answer has ended, but its connection may not have seen yet that its client is still sending.
                await(entered.completeOnTimeout(null, TURN_MS, TimeUnit.MILLISECONDS));
            }
        }
    }

    private CompletableFuture<Void> enter(ServedConnection connection) {
        CompletableFuture<Void> entered = new CompletableFuture<>();
        connection.run(() -> {
            connection.enter(phase());
            entered.complete(null);
        });
        return entered;
    }

    void add(ServedConnection connection) {
        open.add(connection);
        connection.channel.closeFuture().addListener(closed -> open.remove(connection));
    }

    Phase phase() {
        return Phase.of(drain.state(), serves);
    }

    InFlight inFlight() {
        return inFlight;
    }

    /** The servers stay up, within the budget, until this connection has closed: its client is still to read our last answer. */
    void awaitClose(ServedConnection connection) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        connection.channel.closeFuture().addListener(end -> closed.complete(null));
        await(closed);
    }

    /** The servers stay up, within the budget, until this is complete. */
    void await(CompletableFuture<Void> read) {
        finalResponses.register(read);
    }
}
