package dev.lastcall.proxy;

import dev.lastcall.http.HttpGate;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;

/**
 * The HTTP sidecar on one event loop: its share of the clients, connections to the application of its own, nothing that it shares with
 * the other loops but the gate.
 */
final class ProxyVerticle extends AbstractVerticle {
    private static final int CHUNK = 64 * 1024;
    private static final int HEAD = 64 * 1024;
    private static final int BACKLOG = 4096;
    /** For Vert.x: one free port for all event loops, where 0 would be one for each. */
    private static final int SHARED_FREE_PORT = -1;

    private final ProxySettings settings;
    private final HttpGate gate;
    private final TimeoutScanner patrol;
    private UpstreamPool pool;
    private HttpServer server;

    @SuppressWarnings("NullAway.Init") // start() comes first
    ProxyVerticle(ProxySettings settings, HttpGate gate) {
        this.settings = settings;
        this.gate = gate;
        patrol = new TimeoutScanner(settings.idleTimeout(), settings.timeout());
    }

    @Override
    public void start(Promise<Void> started) {
        pool = new UpstreamPool((VertxInternal) vertx, settings);
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
                .setMaxHeaderSize(HEAD)
                .setMaxInitialLineLength(HEAD);
        server = vertx.createHttpServer(options)
                .requestHandler(this::serve)
                .invalidRequestHandler(ProxyVerticle::refuse)
                .exceptionHandler(failure -> {})
                .connectionHandler(connection -> {
                    connection.exceptionHandler(failure -> {});
                    Trailers.catchThoseOf(connection);
                });
        vertx.setPeriodic(patrol.tick().toMillis(), tick -> {
            long now = System.nanoTime();
            patrol.tick(now);
            pool.expire(now);
        });
        server.listen().<Void>mapEmpty().onComplete(started);
    }

    int port() {
        return server.actualPort();
    }

    private void serve(HttpServerRequest request) {
        Relay relay = new Relay(request, gate.connection(request), this);
        if (gate.admit(relay)) {
            relay.begin();
        }
    }

    /** What is no HTTP was never a request: it is answered and not counted. */
    private static void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Failure failure = cause instanceof TooLongHttpLineException
                ? Failure.URI_TOO_LONG
                : cause instanceof TooLongHttpHeaderException ? Failure.HEAD_TOO_LARGE : Failure.BAD_REQUEST;
        Buffer body = failure.on(request.response(), "the request cannot be read");
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE).end(body, null);
        request.connection().close();
    }

    ProxySettings settings() {
        return settings;
    }

    TimeoutScanner patrol() {
        return patrol;
    }

    UpstreamPool pool() {
        return pool;
    }

    ContextInternal context() {
        return (ContextInternal) context;
    }

    /** Behind what the event loop is doing; from any thread. */
    void later(Runnable action) {
        context.runOnContext(now -> action.run());
    }

    void timer(long delayMs, Runnable action) {
        vertx.setTimer(delayMs, due -> action.run());
    }

    void flush(HttpServerRequest request) {
        ((HttpServerConnection) request.connection()).channelHandlerContext().flush();
    }
}
