package dev.lastcall.model;

import dev.lastcall.drain.ReleaseSteps;
import io.quarkus.runtime.Startup;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The model of this service: the upstream where one is configured, else the scripted one, which is there by its name in any case. */
@Singleton
@Startup
final class Models implements Model {
    private static final String SCRIPTED = "scripted";

    private final ScriptedModel scripted;
    private final OpenAiConfig config;
    private final @Nullable Model upstream;

    Models(ScriptedModel scripted, OpenAiConfig config, Vertx vertx, ReleaseSteps steps) {
        this.scripted = scripted;
        this.config = config;
        upstream = config.baseUrl().map(url -> upstream(url, vertx, steps)).orElse(null);
    }

    private Model upstream(String url, Vertx vertx, ReleaseSteps steps) {
        if (config.maxContinuations() < 0) {
            throw new IllegalArgumentException(
                    "lastcall.model.openai.max-continuations: " + config.maxContinuations() + " (expected: 0 or more)");
        }
        if (config.retries() < 0 || config.maxConnections() < 1) {
            throw new IllegalArgumentException("lastcall.model.openai.retries: " + config.retries()
                    + ", lastcall.model.openai.max-connections: " + config.maxConnections()
                    + " (expected: retries >= 0, max-connections >= 1)");
        }
        Upstream connections = new Upstream(vertx, config, base(url));
        steps.register(connections);
        Backoff backoff = new Backoff(config.retries(), config.maxRetryDelay(), () -> ThreadLocalRandom.current()
                .nextDouble());
        return new OpenAiModel(connections, backoff, config);
    }

    /** Checks the base URL. Errors do not show its value, since it may contain a key. */
    private static String base(String url) {
        String base = url.replaceFirst("/+$", "");
        try {
            URI uri = URI.create(base);
            if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
                return base;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "lastcall.model.openai.base-url: no address (expected: as in https://api.openai.com/v1)");
    }

    @Override
    public List<String> names() {
        Set<String> names = new LinkedHashSet<>();
        if (upstream != null) {
            config.model().ifPresent(names::add);
            config.models().ifPresent(names::addAll);
        }
        names.add(SCRIPTED);
        return List.copyOf(names);
    }

    @Override
    public Optional<String> preferred() {
        return upstream == null ? Optional.of(SCRIPTED) : config.model();
    }

    @Override
    public Strategy strategy(ModelRequest request) {
        return of(request).strategy(request);
    }

    @Override
    public Flow.Publisher<ModelEvent> answer(ModelRequest request) {
        return of(request).answer(request);
    }

    @Override
    public Optional<Duration> continuationDelay(int before) {
        return upstream == null ? Optional.empty() : upstream.continuationDelay(before);
    }

    private Model of(ModelRequest request) {
        return upstream == null || request.model().equals(SCRIPTED) ? scripted : upstream;
    }
}
