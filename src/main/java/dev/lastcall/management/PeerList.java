package dev.lastcall.management;

import dev.lastcall.drain.Drain;
import dev.lastcall.fleet.Identity;
import dev.lastcall.fleet.Peer;
import dev.lastcall.fleet.Peers;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** The pods of the fleet as they are now; this one alone where there is no Redis to see the others by. */
@Singleton
final class PeerList implements Handler<RoutingContext> {
    private static final String NEEDS = "quarkus.redis.hosts";

    private final Drain drain;
    private final Peers peers;
    private final Identity identity;

    PeerList(Drain drain, Peers peers, Identity identity) {
        this.drain = drain;
        this.peers = peers;
        this.identity = identity;
    }

    @Override
    public void handle(RoutingContext exchange) {
        JsonArray pods = new JsonArray();
        peers.with(drain.view()).forEach(peer -> pods.add(json(peer)));
        Answers.json(
                exchange,
                200,
                new JsonObject()
                        .put("shared", peers.isShared())
                        .put("needs", peers.isShared() ? null : NEEDS)
                        .put("pods", pods));
    }

    private JsonObject json(Peer peer) {
        return new JsonObject()
                .put("pod", peer.pod())
                .put("instance", peer.instance())
                .put("self", peer.instance().equals(identity.instance()))
                .put("state", peer.state())
                .put("ready", peer.ready())
                .put("started-at", DrainJson.text(peer.startedAt()))
                .put("deadline", DrainJson.text(peer.deadline()))
                .put("in-flight", peer.inFlight())
                .put("age-ms", peer.age().toMillis())
                .put("console", peer.console());
    }
}
