package dev.lastcall.proxy.settings;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The sidecar. With neither an upstream nor a TCP port this process is the service itself. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.proxy")
public interface ProxyConfig {
    /**
     * The application beside us, {@code http://host:port}, {@code https://host:port}, or {@code h2c://host:port} where it speaks HTTP/2 alone
     * and without TLS. Set, it makes this process a sidecar: Quarkus' own HTTP port and with it the agent API, PostgreSQL and Redis are off;
     * port 9000 stays.
     */
    @Format(Form.UPSTREAM)
    Optional<String> upstream();

    /**
     * How the application is spoken to: {@code http1}; {@code http2}, without TLS by prior knowledge, with it by ALPN; {@code auto}: gRPC by
     * HTTP/2, everything else by HTTP/1.1. WebSockets always go by HTTP/1.1.
     */
    @WithDefault("http1")
    @Format(Form.HTTP_VERSION)
    String protocol();

    /** The address at which clients come in, {@code address:port}; port 0 takes a free one. */
    @WithDefault("0.0.0.0:8080")
    @Format(Form.LISTEN)
    String listen();

    /**
     * The TLS configuration that clients are shown, by its name in Quarkus' TLS registry ({@code quarkus.tls.NAME.key-store.*}); they
     * choose HTTP/2 or HTTP/1.1 by ALPN. With its {@code reload-period} a renewed certificate is shown to new connections, and open ones
     * stay. Unset: no TLS.
     */
    @Format(Form.NAME)
    Optional<String> tls();

    /**
     * The TLS configuration for an {@code https} application, by its name in Quarkus' TLS registry: whom to trust
     * ({@code quarkus.tls.NAME.trust-store.*}), and a certificate of our own where the application asks for one. Unset: what the JVM trusts.
     */
    @Format(Form.NAME)
    Optional<String> upstreamTls();

    /** How long the application may take to accept a connection; 504 after it. */
    @WithDefault("3s")
    Duration connectTimeout();

    /**
     * How long a client may take for a request's head: the first from its connection on, a later one from its first byte on; 408 after it,
     * or a silent close where nothing came. Idle connections are bounded by {@code max-connections}.
     */
    @WithDefault("30s")
    Duration headTimeout();

    /**
     * How long an exchange may go without a byte in either direction: 504, 408 where it is the client's body that does not come, or a cut
     * where the answer has begun. Not for WebSockets, which may be silent for ever.
     */
    @WithDefault("5m")
    Duration idleTimeout();

    /**
     * How long what was written for a client may wait for it without progress, before its connection, or its HTTP/2 stream, is ended: a
     * client that asks for much and reads nothing would hold its share of the buffers for ever.
     */
    @WithDefault("30s")
    Duration sendTimeout();

    /** How many streams a client may have open on one HTTP/2 connection. */
    @WithDefault("128")
    int maxStreams();

    /**
     * How many connections of clients there may be. One more closes the one that has idled longest, or is closed where none idles; unset: one
     * for each 16 KiB of the largest heap.
     */
    @Range(max = "10000000")
    OptionalInt maxConnections();

    /** How long an exchange may take as a whole, streams included; unset: as long as it likes. */
    Optional<Duration> timeout();

    /**
     * How long an idle connection to the application is kept. Shorter than the application's own keep-alive timeout (gunicorn 2 s, uvicorn
     * and Node 5 s): a request that crosses its close on the wire is lost, unless it may be sent twice.
     */
    @WithDefault("1s")
    Duration keepAlive();

    /** The longest request body; 413 beyond it. */
    @WithDefault("1G")
    MemorySize maxBody();

    /** A path that answers 2xx or 3xx while the application is healthy; unset: it is healthy while its port accepts connections. */
    @Format(Form.HTTP_PATH)
    Optional<String> healthPath();

    /**
     * Whether the application is healthy while it answers gRPC's health protocol ({@code grpc.health.v1.Health/Check}) with SERVING; instead of
     * {@code health-path}.
     */
    @WithDefault("false")
    boolean healthGrpc();

    /** The service that gRPC's health protocol is asked for; unset: the whole server. */
    @Format(Form.TEXT)
    Optional<String> healthGrpcService();

    /** Ports whose bytes are passed on as they are, by name. */
    Map<String, Tcp> tcp();

    /** One TCP port. */
    interface Tcp {
        /** The address at which clients come in, {@code address:port}. */
        @Format(Form.LISTEN)
        String listen();

        /** The address to which their bytes go, {@code host:port}. */
        @Format(Form.HOST_PORT)
        String upstream();
    }
}
