package dev.lastcall.proxy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of an HTTP sidecar.
 *
 * @param timeout for a whole exchange; null: none
 * @param maxBody of a request, in bytes
 */
record ProxySettings(
        HostPort listen,
        HostPort upstream,
        Duration connectTimeout,
        Duration idleTimeout,
        @Nullable Duration timeout,
        Duration keepAlive,
        long maxBody) {

    private static final String PREFIX = "lastcall.proxy.";

    ProxySettings {
        requirePositive("connect-timeout", connectTimeout);
        requirePositive("idle-timeout", idleTimeout);
        requirePositive("keep-alive", keepAlive);
        if (timeout != null) {
            requirePositive("timeout", timeout);
        }
    }

    /** @throws IllegalArgumentException naming the key, its value and what was expected */
    static ProxySettings of(ProxyConfig config, String upstream) {
        return new ProxySettings(
                HostPort.parse(PREFIX + "listen", config.listen()),
                HostPort.parseUrl(PREFIX + "upstream", upstream),
                config.connectTimeout(),
                config.idleTimeout(),
                config.timeout().orElse(null),
                config.keepAlive(),
                config.maxBody().asLongValue());
    }

    private static void requirePositive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(PREFIX + key + ": " + value + " (expected: a duration > PT0S)");
        }
    }
}
