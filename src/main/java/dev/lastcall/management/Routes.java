package dev.lastcall.management;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The operator's paths, on the management port alone. */
@Singleton
final class Routes {
    private final Protection protection;
    private final DrainPaths drain;
    private final PodPaths pod;
    private final ConsolePaths console;
    private final KubeletProbes probes;

    Routes(Protection protection, DrainPaths drain, PodPaths pod, ConsolePaths console, KubeletProbes probes) {
        this.protection = protection;
        this.drain = drain;
        this.pod = pod;
        this.console = console;
        this.probes = probes;
    }

    void mountOn(@Observes ManagementInterface management) {
        mount(management.router());
    }

    void mount(Router router) {
        withoutCors(router);
        // Before the extensions' routes, so that whatever they add to the port is protected too.
        router.route()
                .order(Integer.MIN_VALUE)
                .handler(new CrossOriginHeaders())
                .handler(protection.guard());
        // What the extensions put there answers any verb, a DELETE with the metrics.
        MethodRouter reading = new MethodRouter().reads(HttpMethod.GET, RoutingContext::next);
        router.route("/q/*").order(Integer.MIN_VALUE).handler(reading);
        router.route("/q/health/*").order(Integer.MIN_VALUE).handler(probes);
        RouteTable mounting = new RouteTable(router);
        drain.mount(mounting);
        pod.mount(mounting);
        console.mount(mounting);
        mounting.refuseOthersBelow(DrainPaths.DRAIN);
        RouterFaults.mount(router);
    }

    /**
     * Quarkus lets pages of every origin read this port and send any header to it, by a route that stands before all others and that no key
     * switches off. It is known by the name of its handler alone.
     */
    private static void withoutCors(Router router) {
        router.getRoutes().stream()
                .filter(route -> String.valueOf(route).contains(CorsHandler.class.getSimpleName()))
                .forEach(Route::remove);
    }
}
