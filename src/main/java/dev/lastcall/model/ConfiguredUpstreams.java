package dev.lastcall.model;

import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.problem.Backoff;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Makes the upstream models from their configuration, each with connections of its own. */
final class ConfiguredUpstreams {
    private static final String PREFIX = "lastcall.model.";

    private final Vertx vertx;
    private final ReleaseSteps steps;

    ConfiguredUpstreams(Vertx vertx, ReleaseSteps steps) {
        this.vertx = vertx;
        this.steps = steps;
    }

    /**
     * Makes the model of an upstream.
     *
     * @param alias the clients' name of it; null: they have none
     * @throws IllegalArgumentException where the configuration is wrong
     */
    Model model(String name, OpenAiConfig config, @Nullable String alias) {
        String key = PREFIX + name + ".";
        if (config.maxContinuations() < 0) {
            throw new IllegalArgumentException(
                    key + "max-continuations: " + config.maxContinuations() + " (expected: 0 or more)");
        }
        if (config.retries() < 0 || config.maxConnections() < 1) {
            throw new IllegalArgumentException(key + "retries: " + config.retries() + ", " + key + "max-connections: "
                    + config.maxConnections() + " (expected: retries >= 0, max-connections >= 1)");
        }
        Upstream connections = new Upstream(
                vertx, name, config, base(key + "base-url", config.baseUrl().orElse("")));
        steps.register(connections);
        Backoff backoff = new Backoff(config.retries(), config.maxRetryDelay(), () -> ThreadLocalRandom.current()
                .nextDouble());
        return new OpenAiModel(connections, backoff, config, alias);
    }

    /** Checks the base URL. Errors do not show its value, since it may contain a key. */
    private static String base(String key, String url) {
        String base = url.replaceFirst("/+$", "");
        try {
            URI uri = URI.create(base);
            if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
                return base;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IllegalArgumentException(key + ": no address (expected: as in https://api.openai.com/v1)");
    }
}
