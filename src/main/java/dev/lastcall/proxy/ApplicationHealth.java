package dev.lastcall.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the application beside us is up, asked when somebody wants to know. Thread-safe. */
final class ApplicationHealth {
    private static final int LIMIT_MS = 1000;
    private static final int FIRST_BAD_STATUS = 400;

    private final List<HostPort> ports;
    private final @Nullable RequestOptions request;
    private final NetClient tcp;
    private final HttpClient http;

    /**
     * @param ports each of which must accept a connection
     * @param asked which is asked for the path instead; null: none
     */
    ApplicationHealth(Vertx vertx, List<HostPort> ports, @Nullable HostPort asked, @Nullable String path) {
        tcp = vertx.createNetClient(new NetClientOptions().setConnectTimeout(LIMIT_MS));
        http = vertx.createHttpClient();
        List<HostPort> accepting = new ArrayList<>(ports);
        if (asked != null && path == null) {
            accepting.add(asked);
        }
        this.ports = List.copyOf(accepting);
        request = asked == null || path == null
                ? null
                : new RequestOptions()
                        .setServer(asked.address())
                        .setHost(asked.host())
                        .setPort(asked.port())
                        .setMethod(HttpMethod.GET)
                        .setURI(path)
                        .setTimeout(LIMIT_MS);
    }

    /** Never fails. */
    Future<Boolean> check() {
        List<Future<Boolean>> all = new ArrayList<>();
        ports.forEach(port -> all.add(accepts(port)));
        if (request != null) {
            all.add(answers(request));
        }
        return Future.all(all).map(up -> true).otherwise(false);
    }

    private Future<Boolean> accepts(HostPort port) {
        return tcp.connect(port.address()).compose(NetSocket::close).map(true);
    }

    private Future<Boolean> answers(RequestOptions asked) {
        return http.request(asked)
                .compose(sent -> sent.send())
                .compose(answer -> answer.statusCode() < FIRST_BAD_STATUS
                        ? Future.succeededFuture(true)
                        : Future.failedFuture("status " + answer.statusCode()));
    }
}
