package dev.lastcall.proxy;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks on demand whether the application is up. Thread-safe. */
final class ApplicationHealth {
    /** What was found. */
    enum Health {
        UP,
        /** It does not even accept a connection: nobody is there. */
        REFUSED,
        /** It is there, but slow or not well. */
        ILL
    }

    private static final int LIMIT_MS = 1000;
    private static final int FIRST_BAD_STATUS = 400;

    private final Vertx vertx;
    private final List<UpstreamAddresses> ports;
    private final @Nullable UpstreamAddresses asked;
    private final @Nullable String path;
    private final NetClient tcp;
    private final HttpClient http;

    /**
     * @param ports each of which must accept a connection
     * @param asked which is asked for the path instead; null: none
     */
    ApplicationHealth(Vertx vertx, List<HostPort> ports, @Nullable HostPort asked, @Nullable String path) {
        this.vertx = vertx;
        this.path = path;
        this.asked = asked == null || path == null ? null : new UpstreamAddresses(asked);
        tcp = vertx.createNetClient(new NetClientOptions().setConnectTimeout(LIMIT_MS));
        http = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(LIMIT_MS));
        List<HostPort> accepting = new ArrayList<>(ports);
        if (asked != null && path == null) {
            accepting.add(asked);
        }
        this.ports = accepting.stream().map(UpstreamAddresses::new).toList();
    }

    /** Never fails. */
    Future<Health> check() {
        List<Future<Boolean>> all = new ArrayList<>();
        ports.forEach(port -> all.add(accepts(port)));
        if (asked != null) {
            all.add(answers(asked));
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

    private Future<Boolean> answers(UpstreamAddresses at) {
        return at.connect(vertx, address -> http.request(requestTo(at.upstream(), address)))
                .compose(sent -> sent.send())
                .compose(answer -> answer.statusCode() < FIRST_BAD_STATUS
                        ? Future.succeededFuture(true)
                        : Future.failedFuture("status " + answer.statusCode()));
    }

    private RequestOptions requestTo(HostPort upstream, SocketAddress address) {
        return new RequestOptions()
                .setServer(address)
                .setHost(upstream.host())
                .setPort(upstream.port())
                .setMethod(HttpMethod.GET)
                .setURI(path)
                .setTimeout(LIMIT_MS);
    }
}
