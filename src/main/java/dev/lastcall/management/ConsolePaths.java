package dev.lastcall.management;

import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** The paths of the console and of the fleet's API. */
@Singleton
final class ConsolePaths {
    static final String HISTORY = "/drain/history";
    static final String PEERS = "/drain/peers";
    static final String API = "/drain/openapi.yaml";

    private final Console console;
    private final HistoryList history;
    private final PeerList peers;

    ConsolePaths(Console console, HistoryList history, PeerList peers) {
        this.console = console;
        this.history = history;
        this.peers = peers;
    }

    void mount(RouteTable mounting) {
        mounting.at(HISTORY, new MethodRouter().reads(GET, history));
        mounting.at(PEERS, new MethodRouter().reads(GET, peers));
        mounting.at(API, reads(new Asset("openapi/management.yaml", "application/yaml")));
        mounting.at("/", reads(console::page));
        mounting.at("/rollout", reads(console::rollout));
        mounting.at("/console/rollout", reads(console::rolloutPart));
        mounting.at("/console/here", reads(console::here));
        mounting.at("/console/fleet", reads(console::fleet));
        mounting.at("/console/drain", new MethodRouter().changes(POST, console::drain));
        mounting.at("/console/undrain", new MethodRouter().changes(POST, console::undrain));
        mounting.at("/console/console.css", reads(new Asset("console/console.css", "text/css;charset=UTF-8")));
        mounting.at("/console/console.js", reads(new Asset("console/console.js", "text/javascript;charset=UTF-8")));
        mounting.at("/console/icon.svg", reads(new Asset("console/icon.svg", "image/svg+xml")));
    }

    private static MethodRouter reads(Handler<RoutingContext> handler) {
        return new MethodRouter().reads(GET, handler);
    }
}
