package dev.lastcall.management;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.Trigger;
import dev.lastcall.fleet.History;
import dev.lastcall.fleet.HistoryQuery;
import dev.lastcall.fleet.Identity;
import dev.lastcall.fleet.PastDrain;
import dev.lastcall.fleet.Peers;
import dev.lastcall.management.console.ConsolePage;
import dev.lastcall.management.console.ConsoleView;
import dev.lastcall.management.console.FleetView;
import dev.lastcall.management.console.RolloutPage;
import dev.lastcall.management.console.RolloutView;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The page for people. Its parts that wait for PostgreSQL are bounded by {@link History}; all else is in memory and answered on the event
 * loop, since stuck workers are a reason to look.
 */
@Singleton
final class Console {
    private static final HistoryQuery PAST = new HistoryQuery(null, null, 12);

    private static final List<String> WINDOWS = List.of("15m", "1h", "6h", "1d");
    private static final int MOST_OF_A_ROLLOUT = 200;
    /** The content policy: nothing from other origins, nothing inline, no frames. */
    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
            + " img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Drain drain;
    private final ConsoleSource source;
    private final Identity identity;
    private final Peers peers;
    private final History history;

    Console(Drain drain, ConsoleSource source, Identity identity, Peers peers, History history) {
        this.drain = drain;
        this.source = source;
        this.identity = identity;
        this.peers = peers;
        this.history = history;
    }

    /** All of it. */
    void page(RoutingContext exchange) {
        withFleet(exchange, fleet -> html(exchange, ConsolePage.whole(here(), fleet)));
    }

    /** Answers with the part of the page that changes with this pod's drain. */
    void here(RoutingContext exchange) {
        html(exchange, ConsolePage.here(here()));
    }

    /** Answers with the part of the page that changes with the other pods. */
    void fleet(RoutingContext exchange) {
        withFleet(exchange, fleet -> html(exchange, ConsolePage.fleet(fleet)));
    }

    /** The page of a rollout. */
    void rollout(RoutingContext exchange) {
        withRollout(exchange, (view, window) -> html(exchange, RolloutPage.whole(view, WINDOWS, window)));
    }

    /** Answers with the part of that page that changes. */
    void rolloutPart(RoutingContext exchange) {
        withRollout(exchange, (view, window) -> html(exchange, RolloutPage.part(view)));
    }

    private void withRollout(RoutingContext exchange, BiConsumer<RolloutView, String> then) {
        Query asked = Query.of(exchange, List.of("window"));
        String written = asked.value("window");
        String window = written == null ? "1h" : written;
        if (!WINDOWS.contains(window)) {
            Answers.problem(
                    exchange,
                    new ManagementProblem(
                            ManagementProblem.Kind.BAD_REQUEST,
                            "window: none of ours (expected: one of " + WINDOWS + ")",
                            "choose one of these"));
            return;
        }
        Duration length =
                window.equals("1d") ? Duration.ofDays(1) : Duration.parse("PT" + window.toUpperCase(Locale.ROOT));
        Instant now = Instant.now();
        Context context = exchange.vertx().getOrCreateContext();
        history.find(new HistoryQuery(null, now.minus(length), MOST_OF_A_ROLLOUT))
                .handle((past, failure) -> failure == null ? past : null)
                .thenAccept(past -> context.runOnContext(nothing -> then.accept(
                        new RolloutView(
                                identity.pod(), identity.instance(), now, length, peers.with(drain.view()), past),
                        window)));
    }

    /** Starts the drain and redirects to the page, for browsers without scripts. */
    void drain(RoutingContext exchange) {
        drain.trigger(Trigger.OPERATOR, Asker.inForm(exchange));
        back(exchange);
    }

    /** Undoes the drain as {@link #drain} starts it; if it is too late, the page says so. */
    void undrain(RoutingContext exchange) {
        drain.undrain();
        back(exchange);
    }

    private static void back(RoutingContext exchange) {
        exchange.response().setStatusCode(303).putHeader("Location", "/").end();
    }

    private void withFleet(RoutingContext exchange, Consumer<FleetView> then) {
        Context context = exchange.vertx().getOrCreateContext();
        history.find(PAST)
                .handle((past, failure) -> failure == null ? past : null)
                .thenAccept(past -> context.runOnContext(nothing -> then.accept(fleetView(past))));
    }

    private FleetView fleetView(@Nullable List<PastDrain> past) {
        return new FleetView(identity.instance(), peers.with(drain.view()), peers.isShared(), past, history.isShared());
    }

    private ConsoleView here() {
        return source.look(identity.pod(), drain.view());
    }

    private static void html(RoutingContext exchange, String page) {
        HttpServerResponse response = exchange.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.putHeader("Content-Type", "text/html;charset=UTF-8")
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                // Not "no-referrer": a form's Origin would be null then, and the cross-site guard looks at it.
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cache-Control", "no-store")
                .end(page);
    }
}
