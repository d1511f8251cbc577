package dev.lastcall.model;

import dev.lastcall.problem.Backoff;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Asks the upstream. */
final class OpenAiModel implements Model {
    private final Upstream upstream;
    private final Backoff backoff;
    private final OpenAiConfig config;
    private final @Nullable String alias;

    OpenAiModel(Upstream upstream, Backoff backoff, OpenAiConfig config) {
        this(upstream, backoff, config, null);
    }

    /** @param alias the clients' name for {@link OpenAiConfig#model()}; null: they have none */
    OpenAiModel(Upstream upstream, Backoff backoff, OpenAiConfig config, @Nullable String alias) {
        this.upstream = upstream;
        this.backoff = backoff;
        this.config = config;
        this.alias = alias;
    }

    /** JSON of a given shape has its own beginning, which {@code prefix} must not give it. */
    @Override
    public Strategy strategy(ModelRequest request) {
        Strategy strategy = config.strategy();
        return strategy == Strategy.PREFIX && request.isStructured() ? Strategy.NEW_ITEM : strategy;
    }

    /** Whether it does is the upstream's own affair: one that does not gives the text alone, or refuses. */
    @Override
    public boolean givesLogprobs(String name) {
        return true;
    }

    @Override
    public Flow.Publisher<ModelEvent> answer(ModelRequest request) {
        ChatRequest chat = chat(request);
        return subscriber -> {
            UpstreamAnswer answer = new UpstreamAnswer(upstream, backoff, chat, subscriber);
            subscriber.onSubscribe(answer);
            answer.begin();
        };
    }

    @Override
    public Optional<Duration> continuationDelay(ModelRequest request, int before) {
        return new Backoff(config.maxContinuations(), config.maxRetryDelay(), backoff.chance()).delay(before, null);
    }

    private ChatRequest chat(ModelRequest request) {
        Strategy strategy = strategy(request);
        Buffer body = ChatBody.of(request, strategy, name(request), config.tokenLimitField(), upstream.origin())
                .toBuffer();
        Continuation interrupted = request.continuation();
        return new ChatRequest(body, strategy == Strategy.EXACT ? interrupted : null, request.trace());
    }

    private @Nullable String name(ModelRequest request) {
        boolean own = request.model().isEmpty() || request.model().equals(alias);
        return own ? config.model().orElse(alias) : request.model();
    }
}
