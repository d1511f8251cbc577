package dev.lastcall.management;

import dev.lastcall.fleet.History;
import dev.lastcall.fleet.HistoryQuery;
import dev.lastcall.fleet.PastDrain;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** The past drains; of this process alone where there is no PostgreSQL to share them by. */
@Singleton
final class HistoryList implements Handler<RoutingContext> {
    static final Limit LIMIT = new Limit(20, 200);
    private static final String NEEDS = "quarkus.datasource.jdbc.url";

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final History history;

    HistoryList(History history) {
        this.history = history;
    }

    @Override
    public void handle(RoutingContext exchange) {
        Query asked = Query.of(exchange, List.of("pod", "since"));
        String since = asked.value("since");
        if (asked.problem().isPresent()) {
            Answers.problem(exchange, asked.problem().get());
        } else if (since != null && instant(since).isEmpty()) {
            Answers.problem(exchange, badSince(since));
        } else {
            Instant from = since == null ? null : instant(since).orElseThrow();
            LIMIT.in(exchange).ifPresent(limit -> answer(exchange, new HistoryQuery(asked.value("pod"), from, limit)));
        }
    }

    /** Empty for what is no instant, or none that PostgreSQL has. */
    private static Optional<Instant> instant(String written) {
        try {
            return Optional.of(Instant.parse(written))
                    .filter(instant -> !instant.isBefore(EARLIEST) && !instant.isAfter(LATEST));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private void answer(RoutingContext exchange, HistoryQuery query) {
        Context context = exchange.vertx().getOrCreateContext();
        history.find(query)
                .whenComplete((found, failure) -> context.runOnContext(nothing -> {
                    if (failure == null) {
                        Answers.json(exchange, 200, json(found));
                    } else {
                        Answers.problem(exchange, silent(failure));
                    }
                }));
    }

    private JsonObject json(List<PastDrain> found) {
        JsonArray drains = new JsonArray();
        found.forEach(drain -> drains.add(json(drain)));
        return new JsonObject()
                .put("shared", history.isShared())
                .put("needs", history.isShared() ? null : NEEDS)
                .put("drains", drains);
    }

    private static JsonObject json(PastDrain drain) {
        return new JsonObject()
                .put("pod", drain.pod())
                .put("instance", drain.instance())
                .put("generation", drain.generation())
                .put("ending", drain.ending().key())
                .put("started-at", DrainJson.text(drain.startedAt()))
                .put("ended-at", DrainJson.text(drain.endedAt()))
                .put("report", drain.report());
    }

    private static ManagementProblem badSince(String since) {
        return new ManagementProblem(
                ManagementProblem.Kind.BAD_SINCE,
                "since: " + since + " (expected: an instant such as 2026-01-02T03:04:05Z, of the years 1 to 9999)",
                "correct the instant, or leave it out to get the latest");
    }

    private static ManagementProblem silent(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String why = cause instanceof TimeoutException ? "no answer in time" : String.valueOf(cause.getMessage());
        return new ManagementProblem(
                ManagementProblem.Kind.ARCHIVE_SILENT,
                "PostgreSQL: " + why,
                "ask again; the drain itself does not need PostgreSQL, see GET /drain");
    }
}
