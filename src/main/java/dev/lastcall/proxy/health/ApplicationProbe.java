package dev.lastcall.proxy.health;

import dev.lastcall.proxy.message.Grpc;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import dev.lastcall.proxy.upstream.UpstreamAddresses;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.Http1xClientConnection;
import io.vertx.core.http.impl.HttpClientInternal;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;

/** Asks the application how it is: for a path, by gRPC, or by a TLS handshake alone. Thread-safe. */
public final class ApplicationProbe {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final int FIRST_BAD_STATUS = 400;

    private final Vertx vertx;
    private final UpstreamAddresses addresses;
    private final HealthQuestion question;
    private final HttpClientInternal client;
    private final boolean http2;

    public ApplicationProbe(
            Vertx vertx, HostPort application, UpstreamProtocol protocol, ProxyTls tls, HealthQuestion question) {
        this.vertx = vertx;
        this.question = question;
        addresses = new UpstreamAddresses(application);
        http2 = question.service() != null || protocol == UpstreamProtocol.HTTP2;
        HttpVersion version = http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1;
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) LIMIT.toMillis())
                .setProtocolVersion(version)
                .setHttp2ClearTextUpgrade(false);
        tls.configure(options, version, LIMIT);
        client = (HttpClientInternal) vertx.createHttpClient(options);
    }

    /** Fails where it is not well, with a {@link java.net.ConnectException} where nobody is there. */
    Future<Boolean> ask() {
        if (question.service() != null) {
            return addresses
                    .connect(vertx, address -> client.request(to(address, HttpMethod.POST, GrpcHealth.PATH)))
                    .compose(this::askByGrpc);
        }
        String path = question.path();
        return path == null ? shakeHands() : askFor(path);
    }

    private Future<Boolean> shakeHands() {
        SocketAddress named = addresses.upstream().address();
        return addresses
                .connect(vertx, address -> client.connect(address, named))
                .compose(connection -> connection
                        .close()
                        .compose(closed -> http2 && connection instanceof Http1xClientConnection
                                ? Future.failedFuture("no h2 (ALPN)")
                                : Future.succeededFuture(true)));
    }

    private Future<Boolean> askFor(String path) {
        return addresses
                .connect(vertx, address -> client.request(to(address, HttpMethod.GET, path)))
                .compose(HttpClientRequest::send)
                .compose(answer -> answer.statusCode() < FIRST_BAD_STATUS
                        ? Future.succeededFuture(true)
                        : Future.failedFuture("status " + answer.statusCode()));
    }

    private Future<Boolean> askByGrpc(HttpClientRequest request) {
        String service = question.service() == null ? "" : question.service();
        return request.putHeader(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
                .putHeader(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS)
                .send(GrpcHealth.request(service))
                .compose(answer -> answer.body()
                        .compose(body -> "0".equals(statusOf(answer)) && GrpcHealth.isServing(body)
                                ? Future.succeededFuture(true)
                                : Future.failedFuture("grpc-status " + statusOf(answer) + ", or not SERVING")));
    }

    /** An answer without a message has it in its head. */
    private static String statusOf(HttpClientResponse answer) {
        String trailer = answer.getTrailer(Grpc.STATUS);
        return String.valueOf(trailer == null ? answer.getHeader(Grpc.STATUS) : trailer);
    }

    private RequestOptions to(SocketAddress address, HttpMethod method, String path) {
        HostPort named = addresses.upstream();
        return new RequestOptions()
                .setServer(address)
                .setHost(named.host())
                .setPort(named.port())
                .setMethod(method)
                .setURI(path)
                .setTimeout(LIMIT.toMillis());
    }

    /** Other certificates are trusted or shown from now on. */
    void renew(SSLOptions options) {
        client.updateSSLOptions(new SSLOptions(options).setUseAlpn(true));
    }
}
