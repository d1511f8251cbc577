package dev.lastcall.proxy.health;

import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.upstream.UpstreamAddresses;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SSLOptions;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks on demand whether the application is up. Thread-safe. */
public final class ApplicationHealth {
    /** The result of a check. */
    public enum Health {
        UP,
        /** It does not even accept a connection: nobody is there. */
        REFUSED,
        /** It is there, but slow or not well. */
        ILL
    }

    private static final int LIMIT_MS = 1000;

    private final Vertx vertx;
    private final List<UpstreamAddresses> ports;
    private final @Nullable ApplicationProbe probe;
    private final NetClient tcp;

    /**
     * @param ports each of which must accept a connection
     * @param probe which must succeed besides; null: none
     */
    public ApplicationHealth(Vertx vertx, List<HostPort> ports, @Nullable ApplicationProbe probe) {
        this.vertx = vertx;
        this.probe = probe;
        this.ports = ports.stream().map(UpstreamAddresses::new).toList();
        tcp = vertx.createNetClient(new NetClientOptions().setConnectTimeout(LIMIT_MS));
    }

    /** Never fails. */
    public Future<Health> check() {
        List<Future<Boolean>> all = new ArrayList<>();
        ports.forEach(port -> all.add(accepts(port)));
        if (probe != null) {
            all.add(probe.ask());
        }
        return Future.all(all).map(up -> Health.UP).otherwise(ApplicationHealth::of);
    }

    private static Health of(Throwable failure) {
        boolean refused = failure instanceof ConnectException && !(failure instanceof ConnectTimeoutException);
        return refused ? Health.REFUSED : Health.ILL;
    }

    private Future<Boolean> accepts(UpstreamAddresses port) {
        return port.connect(vertx, address -> tcp.connect(address))
                .compose(NetSocket::close)
                .map(true);
    }

    /** Other certificates of the application are trusted from now on. */
    public void renew(SSLOptions options) {
        if (probe != null) {
            probe.renew(options);
        }
    }
}
