package dev.lastcall.management;

import dev.lastcall.drain.EntryView;
import dev.lastcall.drain.InFlight;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Lists the oldest entries in flight, which block the drain. Answered on the event loop, since stuck workers are a reason to ask. */
@Singleton
final class InFlightList implements Handler<RoutingContext> {
    static final Limit LIMIT = new Limit(100, 1000);

    private final InFlight inFlight;

    InFlightList(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    @Override
    public void handle(RoutingContext exchange) {
        LIMIT.in(exchange).ifPresent(limit -> Answers.json(exchange, 200, list(limit)));
    }

    private JsonObject list(int limit) {
        JsonArray entries = new JsonArray();
        inFlight.oldest(limit).forEach(entry -> entries.add(json(entry)));
        return new JsonObject().put("count", inFlight.count()).put("entries", entries);
    }

    private static JsonObject json(EntryView entry) {
        return new JsonObject()
                .put("class", entry.kind().key())
                .put("method", entry.method())
                .put("path", entry.path())
                .put("age-ms", entry.age().toMillis())
                .put("told", entry.told())
                .put("client-gone", entry.clientGone());
    }
}
