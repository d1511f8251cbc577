package dev.lastcall.proxy;

import dev.lastcall.http.HttpGate;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxySettings;
import dev.lastcall.proxy.upstream.UpstreamAddresses;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SSLOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The HTTP sidecar: one verticle for each event loop, all on one port. Thread-safe. */
final class HttpSidecar {
    private final List<ProxyVerticle> lanes = new CopyOnWriteArrayList<>();
    private final ProxySettings settings;
    private final HttpGate gate;
    private final UpstreamAddresses addresses;

    HttpSidecar(ProxySettings settings, HttpGate gate) {
        this.settings = settings;
        this.gate = gate;
        addresses = new UpstreamAddresses(settings.upstream());
    }

    /** @param loops how many event loops that Vert.x has */
    Future<Void> start(Vertx vertx, int loops) {
        return vertx.deployVerticle(this::lane, new DeploymentOptions().setInstances(loops))
                .mapEmpty();
    }

    private ProxyVerticle lane() {
        ProxyVerticle lane = new ProxyVerticle(settings, gate, addresses);
        lanes.add(lane);
        return lane;
    }

    /** Clients that come from now on are shown another certificate; connections that there are stay as they are. */
    Future<Boolean> renewServer(SSLOptions tls) {
        // The event loops share one server.
        return lanes.get(0).renewServer(new SSLOptions(tls).setUseAlpn(true));
    }

    /** Connections to the application that are made from now on trust by these. */
    void renewClients(SSLOptions tls) {
        lanes.forEach(lane -> lane.renewClients(new SSLOptions(tls).setUseAlpn(true)));
    }

    /** Returns the address for clients, once it is started. */
    HostPort address() {
        return new HostPort(settings.listen().host(), lanes.get(0).port());
    }
}
