package dev.lastcall.management;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSignal.Registration;
import dev.lastcall.drain.Time;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.UUID;

/** The timeline as Server-Sent Events: the notes of this generation so far, or those that a reader who comes back has missed, then what comes. */
@Singleton
final class TimelineStream implements Handler<RoutingContext> {
    private final Drain drain;
    private final Watchers watchers;
    private final Time time;
    /** The part of an event's id by which ids of this process are told from those of the one before it. */
    private final String process = UUID.randomUUID().toString().substring(0, 8);

    TimelineStream(Drain drain, Watchers watchers, Time time) {
        this.drain = drain;
        this.watchers = watchers;
        this.time = time;
    }

    @Override
    public void handle(RoutingContext exchange) {
        if (exchange.request().method().equals(HttpMethod.HEAD)) {
            // A head without events would never end.
            exchange.response()
                    .putHeader("Content-Type", TimelineReader.TYPE)
                    .putHeader("Cache-Control", "no-store")
                    .end();
            return;
        }
        TimelineReader reader = new TimelineReader(exchange, time, process);
        // Watched first and read then: a note is in the picture, or comes live, or both, which the reader sorts out.
        Registration watch = watchers.watch(reader);
        exchange.addEndHandler(ended -> watch.close());
        reader.replay(drain);
    }
}
