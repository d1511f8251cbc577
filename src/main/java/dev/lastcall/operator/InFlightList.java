package dev.lastcall.operator;

import dev.lastcall.drain.EntryView;
import dev.lastcall.drain.InFlight;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.OptionalInt;

/** Who blocks the drain: the oldest entries. Answered on the event loop, since stuck workers are a reason to ask. */
@Singleton
final class InFlightList implements Handler<RoutingContext> {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1000;

    private final InFlight inFlight;

    InFlightList(InFlight inFlight) {
        this.inFlight = inFlight;
    }

    @Override
    public void handle(RoutingContext exchange) {
        List<String> asked = exchange.queryParam("limit");
        limitIn(asked)
                .ifPresentOrElse(
                        limit -> Answers.json(exchange, 200, list(limit)),
                        () -> Answers.problem(
                                exchange,
                                new Problem(
                                        Problem.Kind.BAD_LIMIT,
                                        "limit: " + String.join(", ", asked) + " (expected: one number from 1 to "
                                                + MAX_LIMIT + ")",
                                        "correct the limit, or leave it out to get " + DEFAULT_LIMIT)));
    }

    private static OptionalInt limitIn(List<String> asked) {
        if (asked.isEmpty()) {
            return OptionalInt.of(DEFAULT_LIMIT);
        }
        try {
            int limit = Integer.parseInt(asked.get(0));
            return asked.size() == 1 && limit >= 1 && limit <= MAX_LIMIT ? OptionalInt.of(limit) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
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
