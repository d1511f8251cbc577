package dev.lastcall.management;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The drain's paths on the application's management port. What else is there is the application's, and is left as it is. */
@Singleton
final class LibraryRoutes {
    private final Protection protection;
    private final DrainPaths drain;

    LibraryRoutes(Protection protection, DrainPaths drain) {
        this.protection = protection;
        this.drain = drain;
    }

    void mountOn(@Observes ManagementInterface management) {
        Router router = management.router();
        router.route(DrainPaths.DRAIN + "*").handler(new CrossOriginHeaders()).handler(protection.guard());
        RouteTable table = new RouteTable(router);
        drain.mount(table);
        table.refuseOthersBelow(DrainPaths.DRAIN);
    }
}
