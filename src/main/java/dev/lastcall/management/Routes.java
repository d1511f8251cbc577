package dev.lastcall.management;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The operator's paths, on the management port alone. */
@Singleton
final class Routes {
    private final Protection protection;
    private final DrainPaths drain;
    private final ConsolePaths console;

    Routes(Protection protection, DrainPaths drain, ConsolePaths console) {
        this.protection = protection;
        this.drain = drain;
        this.console = console;
    }

    void mountOn(@Observes ManagementInterface management) {
        mount(management.router());
    }

    void mount(Router router) {
        // Before the extensions' routes, so that whatever they add to the port is protected too.
        router.route()
                .order(Integer.MIN_VALUE)
                .handler(new CrossOriginHeaders())
                .handler(protection.guard());
        RouteTable mounting = new RouteTable(router);
        drain.mount(mounting);
        console.mount(mounting);
        mounting.refuseOthersBelow(DrainPaths.DRAIN);
    }
}
