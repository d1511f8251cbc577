package dev.lastcall.operator;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The operator's paths, on the management port alone. */
@Singleton
final class Routes {
    static final String DRAIN = "/drain";
    static final String PRE_STOP = "/drain/pre-stop";
    static final String IN_FLIGHT = "/drain/in-flight";
    static final String TIMELINE = "/drain/timeline";

    private final Protection protection;
    private final DrainVerbs drain;
    private final PreStop preStop;
    private final InFlightList inFlight;
    private final TimelineStream timeline;

    Routes(Protection protection, DrainVerbs drain, PreStop preStop, InFlightList inFlight, TimelineStream timeline) {
        this.protection = protection;
        this.drain = drain;
        this.preStop = preStop;
        this.inFlight = inFlight;
        this.timeline = timeline;
    }

    void mountOn(@Observes ManagementInterface management) {
        mount(management.router());
    }

    void mount(Router router) {
        // Before the extensions' routes, so that whatever they add to the port is protected too.
        protection
                .token()
                .ifPresent(token -> router.route().order(Integer.MIN_VALUE).handler(new TokenGuard(token)));
        at(
                router,
                DRAIN,
                new Verbs().reads(GET, drain::show).changes(POST, drain::start).changes(DELETE, drain::undo));
        // A GET, because a kubelet can send nothing else; a change all the same.
        at(router, PRE_STOP, new Verbs().changes(GET, preStop));
        at(router, IN_FLIGHT, new Verbs().reads(GET, inFlight));
        at(router, TIMELINE, new Verbs().reads(GET, timeline));
        at(router, DRAIN + "/*", Routes::unknown);
    }

    private static void at(Router router, String path, Handler<RoutingContext> handler) {
        Route route = router.route(path);
        route.handler(exchange -> {
            // Quarkus lets every origin read the management port.
            exchange.response().headers().remove("Access-Control-Allow-Origin");
            handler.handle(exchange);
        });
        route.failureHandler(Routes::failed);
    }

    private static void unknown(RoutingContext exchange) {
        String paths = String.join(", ", DRAIN, PRE_STOP, IN_FLIGHT, TIMELINE);
        Answers.problem(
                exchange,
                new Problem(
                        Problem.Kind.NOT_FOUND,
                        "path: " + exchange.normalizedPath() + " (expected: one of " + paths + ")",
                        "use one of these paths"));
    }

    private static void failed(RoutingContext exchange) {
        if (exchange.statusCode() == 400) {
            Answers.problem(
                    exchange,
                    new Problem(
                            Problem.Kind.BAD_REQUEST,
                            "the query cannot be decoded",
                            "percent-encode the query's values"));
        } else {
            exchange.next();
        }
    }
}
