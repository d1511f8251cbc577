package dev.lastcall.proxy.settings;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the HTTP sidecar, by configurations of Quarkus' TLS registry.
 *
 * @param clients what clients are shown; null: they come without TLS
 * @param toApplication whether the application is spoken to by TLS
 * @param application whom of the applications is trusted; null: whom the JVM trusts
 */
public record ProxyTls(
        @Nullable TlsConfiguration clients,
        boolean toApplication,
        @Nullable TlsConfiguration application) {
    /** Neither clients nor the application have TLS. */
    public static final ProxyTls NONE = new ProxyTls(null, false, null);

    private static final String CLIENTS = "lastcall.proxy.tls";
    private static final String APPLICATION = "lastcall.proxy.upstream-tls";

    /** @throws IllegalArgumentException naming the key, its value and what was expected */
    static ProxyTls of(ProxyConfig config, String upstream, TlsConfigurationRegistry registry) {
        TlsConfiguration clients = named(CLIENTS, config.tls(), registry);
        if (clients != null && clients.getKeyStoreOptions() == null) {
            throw wrong(
                    CLIENTS,
                    config.tls(),
                    "a TLS configuration with a certificate and its key: quarkus.tls."
                            + config.tls().orElseThrow() + ".key-store.*");
        }
        boolean toApplication = upstream.startsWith(HostPort.HTTPS);
        TlsConfiguration application = named(APPLICATION, config.upstreamTls(), registry);
        if (application != null && !toApplication) {
            throw wrong(
                    APPLICATION,
                    config.upstreamTls(),
                    "nothing, or lastcall.proxy.upstream=https://host:port, since " + upstream + " has no TLS");
        }
        return new ProxyTls(clients, toApplication, application);
    }

    private static @Nullable TlsConfiguration named(
            String key, Optional<String> name, TlsConfigurationRegistry registry) {
        return name.map(value -> registry.get(value)
                        .orElseThrow(() -> wrong(
                                key,
                                name,
                                "the name of a TLS configuration of Quarkus: set quarkus.tls." + value
                                        + ".key-store.* or .trust-store.*")))
                .orElse(null);
    }

    private static IllegalArgumentException wrong(String key, Optional<String> value, String expected) {
        return new IllegalArgumentException(key + ": " + value.orElse("") + " (expected: " + expected + ")");
    }

    /** Shows clients the certificate, where there is one. */
    public void configure(HttpServerOptions options) {
        if (clients != null) {
            TlsConfigUtils.configure(options, clients);
            options.setSni(clients.usesSni())
                    .setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
        }
    }

    /**
     * Makes a client of the application's speak TLS, where the application does.
     *
     * @param version the only one that is offered
     * @param handshake how long it may take
     */
    public void configure(HttpClientOptions options, HttpVersion version, Duration handshake) {
        if (!toApplication) {
            return;
        }
        if (application != null) {
            TlsConfigUtils.configure(options, application);
        }
        options.setSsl(true)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(version))
                .setSslHandshakeTimeout(handshake.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    /** Whether this is the end of a connection that TLS did not announce: anybody may have made it (RFC 8446, 6.1). */
    public static boolean isTruncation(Object event) {
        return event instanceof SslCloseCompletionEvent closed && !closed.isSuccess();
    }

    /** Whether there is TLS on a connection. */
    public static boolean isOn(Channel channel) {
        return channel.pipeline().get(SslHandler.class) != null;
    }
}
