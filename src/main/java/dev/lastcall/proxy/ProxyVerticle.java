package dev.lastcall.proxy;

import dev.lastcall.http.HeadSize;
import dev.lastcall.http.HttpGate;
import dev.lastcall.http.limits.UnreadableRequest;
import dev.lastcall.problem.Problem;
import dev.lastcall.proxy.channel.TimeoutScanner;
import dev.lastcall.proxy.client.Acceptor;
import dev.lastcall.proxy.client.ClientConnection;
import dev.lastcall.proxy.client.ProxyTransport;
import dev.lastcall.proxy.client.RequestDecoder;
import dev.lastcall.proxy.client.Trailers;
import dev.lastcall.proxy.message.ExtendedConnects;
import dev.lastcall.proxy.relay.ProxyLoop;
import dev.lastcall.proxy.relay.Relay;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxySettings;
import dev.lastcall.proxy.upstream.UpstreamAddresses;
import dev.lastcall.proxy.upstream.UpstreamPool;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SSLOptions;

/**
 * The HTTP sidecar on one event loop: its share of the clients, connections to the application of its own, nothing that it shares with
 * the other loops but the gate.
 */
final class ProxyVerticle extends AbstractVerticle {
    private static final int CHUNK = 64 * 1024;

    /** On the request line, and on the header fields. */
    private static final String LIMIT = HeadSize.MOST + " bytes, which is fixed";

    private static final int BACKLOG = 4096;
    /** For Vert.x: one free port for all event loops, where 0 would be one for each. */
    private static final int SHARED_FREE_PORT = -1;

    private final ProxySettings settings;
    private final HttpGate gate;
    private final UpstreamAddresses addresses;
    private ProxyLoop loop;
    private HttpServer server;

    @SuppressWarnings("NullAway.Init") // start() comes first
    ProxyVerticle(ProxySettings settings, HttpGate gate, UpstreamAddresses addresses) {
        this.settings = settings;
        this.gate = gate;
        this.addresses = addresses;
    }

    @Override
    public void start(Promise<Void> started) {
        UpstreamPool pool = new UpstreamPool((VertxInternal) vertx, settings, addresses);
        TimeoutScanner limits = new TimeoutScanner(settings.idleTimeout(), settings.timeout(), settings.sendTimeout());
        loop = new ProxyLoop(settings, pool, limits, (ContextInternal) context);
        HostPort listen = settings.listen();
        HttpServerOptions options = new HttpServerOptions()
                .setHost(listen.host())
                .setPort(listen.port() == 0 ? SHARED_FREE_PORT : listen.port())
                .setAcceptBacklog(BACKLOG)
                .setTcpKeepAlive(true)
                .setHandle100ContinueAutomatically(false)
                // Extensions of WebSockets are between the client and the application.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxChunkSize(CHUNK)
                .setMaxHeaderSize(HeadSize.MOST)
                .setMaxInitialLineLength(HeadSize.MOST)
                .setInitialSettings(initialSettings());
        settings.tls().configure(options);
        server = vertx.createHttpServer(options)
                .requestHandler(this::serve)
                .invalidRequestHandler(ProxyVerticle::refuse)
                .exceptionHandler(failure -> {})
                .connectionHandler(connection -> {
                    connection.exceptionHandler(failure -> {});
                    Trailers.catchThoseOf(connection);
                    ExtendedConnects.watch(connection, settings.protocol().opensWebSockets());
                });
        vertx.setPeriodic(limits.tick().toMillis(), tick -> {
            long now = System.nanoTime();
            limits.tick(now);
            pool.expire(now);
        });
        server.listen().<Void>mapEmpty().onComplete(started);
    }

    private Http2Settings initialSettings() {
        Http2Settings offered = new Http2Settings()
                .setMaxConcurrentStreams(settings.maxStreams())
                .setMaxHeaderListSize(HeadSize.HTTP2_LIST);
        return settings.protocol().opensWebSockets() ? offered.set(ExtendedConnects.SETTING, 1) : offered;
    }

    int port() {
        return server.actualPort();
    }

    /** New connections of clients are shown another certificate; those that there are stay. */
    Future<Boolean> renewServer(SSLOptions tls) {
        VertxInternal internal = (VertxInternal) vertx;
        Acceptor acceptor = ((ProxyTransport) internal.transport()).acceptor();
        return acceptor.pausedFor(internal, () -> server.updateSSLOptions(tls));
    }

    /** Changes the TLS options of new connections to the application. */
    void renewClients(SSLOptions tls) {
        loop.pool().renew(tls);
    }

    private void serve(HttpServerRequest request) {
        if (!ClientConnection.of(request).isOpen()) {
            // Pipelined behind an answer on whose way the connection died.
            return;
        }
        Relay relay = new Relay(request, gate.connection(request), loop);
        if (gate.admit(relay)) {
            relay.begin();
        } else {
            relay.refused();
        }
    }

    /** Answers a malformed request, which is not counted. */
    private static void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        UnreadableRequest fault = cause instanceof RequestDecoder.UnsupportedVersion
                ? UnreadableRequest.ofVersion(String.valueOf(cause.getMessage()))
                : UnreadableRequest.of(cause, LIMIT, LIMIT);
        Buffer body =
                Problem.of(fault.status(), fault.detail()).retryable(false).putHead(request.response());
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE).end(body, null);
        request.connection().close();
    }
}
