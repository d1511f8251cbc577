package dev.lastcall.proxy.health;

import dev.lastcall.proxy.settings.ProxyConfig;
import org.jspecify.annotations.Nullable;

/**
 * The request that tells whether the application is healthy; with neither path nor service, it is while it accepts connections.
 *
 * @param path that is to answer below 400; null: none is asked for
 * @param service of gRPC's health protocol, empty for the whole server; null: it is not asked by gRPC
 */
public record HealthQuestion(
        @Nullable String path, @Nullable String service) {
    /** The application is well while it accepts connections. */
    public static final HealthQuestion NONE = new HealthQuestion(null, null);

    /**
     * Reads it from the configuration.
     *
     * @throws IllegalArgumentException naming the key, its value and what was expected
     */
    public static HealthQuestion of(ProxyConfig config) {
        String path = config.healthPath().orElse(null);
        if (path != null && config.healthGrpc()) {
            throw new IllegalArgumentException(
                    "lastcall.proxy.health-grpc: true (expected: false, or no lastcall.proxy.health-path = " + path
                            + "; one of them is asked)");
        }
        if (config.healthGrpcService().isPresent() && !config.healthGrpc()) {
            throw new IllegalArgumentException("lastcall.proxy.health-grpc-service: "
                    + config.healthGrpcService().get()
                    + " (expected: nothing, or lastcall.proxy.health-grpc=true, without which nobody is asked for it)");
        }
        return new HealthQuestion(
                path, config.healthGrpc() ? config.healthGrpcService().orElse("") : null);
    }
}
