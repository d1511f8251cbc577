package dev.lastcall.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The upstream's configuration in a test. */
record UpstreamSettings(String url, Strategy strategy, Duration idleTimeout, int retries) implements OpenAiConfig {
    static UpstreamSettings of(String url) {
        return new UpstreamSettings(url, Strategy.NEW_ITEM, Duration.ofSeconds(30), 2);
    }

    UpstreamSettings with(Strategy other) {
        return new UpstreamSettings(url, other, idleTimeout, retries);
    }

    UpstreamSettings silent(Duration limit) {
        return new UpstreamSettings(url, strategy, limit, retries);
    }

    @Override
    public Optional<String> baseUrl() {
        return Optional.of(url);
    }

    @Override
    public Optional<String> apiKey() {
        return Optional.of("sk-upstream");
    }

    @Override
    public Optional<String> model() {
        return Optional.of("default-model");
    }

    @Override
    public Optional<List<String>> models() {
        return Optional.empty();
    }

    @Override
    public String tokenLimitField() {
        return "max_tokens";
    }

    @Override
    public Duration connectTimeout() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Duration maxRetryDelay() {
        return Duration.ofSeconds(2);
    }

    @Override
    public int maxContinuations() {
        return 3;
    }

    @Override
    public int maxConnections() {
        return 10;
    }
}
