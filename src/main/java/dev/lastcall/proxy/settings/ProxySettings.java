package dev.lastcall.proxy.settings;

import dev.lastcall.drain.ReadableDuration;
import io.quarkus.tls.TlsConfigurationRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of an HTTP sidecar.
 *
 * @param tls with clients and with the application
 * @param timeout for a whole exchange; null: none
 * @param sendTimeout for a write without progress
 * @param maxBody of a request, in bytes
 * @param maxStreams that are open on one HTTP/2 connection
 */
public record ProxySettings(
        HostPort listen,
        HostPort upstream,
        UpstreamProtocol protocol,
        ProxyTls tls,
        Duration connectTimeout,
        Duration idleTimeout,
        @Nullable Duration timeout,
        Duration sendTimeout,
        Duration keepAlive,
        long maxBody,
        int maxStreams) {

    private static final String PREFIX = "lastcall.proxy.";

    public ProxySettings {
        requirePositive("connect-timeout", connectTimeout);
        requirePositive("idle-timeout", idleTimeout);
        requirePositive("send-timeout", sendTimeout);
        requirePositive("keep-alive", keepAlive);
        if (maxStreams < 1) {
            throw new IllegalArgumentException(PREFIX + "max-streams: " + maxStreams + " (expected: at least 1)");
        }
        if (timeout != null) {
            requirePositive("timeout", timeout);
        }
    }

    /**
     * Reads them from the configuration.
     *
     * @throws IllegalArgumentException naming the key, its value and what was expected
     */
    public static ProxySettings of(ProxyConfig config, String upstream, TlsConfigurationRegistry registry) {
        return new ProxySettings(
                HostPort.parse(PREFIX + "listen", config.listen()),
                HostPort.parseUrl(PREFIX + "upstream", upstream),
                UpstreamProtocol.of(upstream, config.protocol()),
                ProxyTls.of(config, upstream, registry),
                config.connectTimeout(),
                config.idleTimeout(),
                config.timeout().orElse(null),
                config.sendTimeout(),
                config.keepAlive(),
                config.maxBody().asLongValue(),
                config.maxStreams());
    }

    private static void requirePositive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    PREFIX + key + ": " + ReadableDuration.of(value) + " (expected: a duration > 0s)");
        }
    }
}
