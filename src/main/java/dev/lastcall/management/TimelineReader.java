package dev.lastcall.management;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainListener;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.PastNotes;
import dev.lastcall.drain.Time;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reader of the timeline. Notes come in on the engine's thread and are passed on at once; everything else happens on the exchange's
 * event loop. A reader that does not keep up is dropped: it may come back with {@code Last-Event-ID}.
 */
final class TimelineReader implements DrainListener {
    static final String TYPE = "text/event-stream";

    /** Well below the 30 to 60 s after which proxies usually close a silent connection. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private final Time time;
    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final @Nullable EventId lastSeen;
    private List<Note> replayed = List.of();
    private EventId last;
    private Time.Alarm keepAlive = () -> {};
    private boolean ended;

    /** @param process by which ids of this process are told from those of others */
    TimelineReader(RoutingContext exchange, Time time, String process) {
        this.time = time;
        last = new EventId(0, 0, process);
        context = exchange.vertx().getOrCreateContext();
        request = exchange.request();
        response = exchange.response();
        lastSeen = EventId.parse(request.getHeader("Last-Event-ID"), process);
        exchange.addEndHandler(result -> {
            ended = true;
            keepAlive.cancel();
        });
        response.setChunked(true)
                .putHeader("Content-Type", TYPE)
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
    }

    @Override
    public void noted(Note note) {
        context.runOnContext(nothing -> live(note));
    }

    /** Writes the head at once, so that the reader knows it is connected, then the notes it has not seen. */
    void replay(Drain drain) {
        stayAlive();
        PastNotes past = drain.notesSince(firstGeneration(drain.view().generation()));
        replayed = past.notes();
        long first = replayed.isEmpty() ? 0 : replayed.get(0).generation();
        last = new EventId(first, past.forgotten(), last.process());
        // In one piece: a reader that has just come is not one that does not keep up.
        StringBuilder missed = new StringBuilder();
        replayed.forEach(note -> {
            last = last.next(note.generation());
            if (lastSeen == null || !last.isSeenBy(lastSeen)) {
                missed.append(event(note));
            }
        });
        if (!missed.isEmpty()) {
            send(missed.toString());
        }
    }

    /** A new reader is told of the drain as it is; one that comes back of all that it has missed, also the undoing of that drain. */
    private long firstGeneration(long current) {
        if (lastSeen == null) {
            return current;
        }
        return lastSeen.process().equals(last.process()) ? Math.min(lastSeen.generation(), current) : 0;
    }

    private void live(Note note) {
        if (note.generation() >= last.generation() && !replayed.contains(note)) {
            last = last.next(note.generation());
            send(event(note));
        }
    }

    private String event(Note note) {
        return "id: " + last + "\nevent: " + DrainJson.event(note) + "\ndata: "
                + DrainJson.of(note).encode() + "\n\n";
    }

    /** A comment, which every reader ignores. */
    private void stayAlive() {
        send(":\n\n");
        if (!ended) {
            keepAlive = time.schedule(KEEP_ALIVE, () -> context.runOnContext(nothing -> stayAlive()));
        }
    }

    private void send(String text) {
        if (ended || response.closed()) {
            return;
        }
        if (response.writeQueueFull()) {
            drop();
        } else {
            response.write(text);
        }
    }

    /**
     * On HTTP/1.x Vert.x' reset and close, and the channel's close, which its handler intercepts, wait until everything is written: for a
     * reader that does not read, for ever. A close from that handler's own context passes it by.
     */
    private void drop() {
        if (request.version() != HttpVersion.HTTP_2 && request.connection() instanceof ConnectionBase connection) {
            var unused = connection.channelHandlerContext().close();
        } else {
            response.reset();
        }
    }
}
