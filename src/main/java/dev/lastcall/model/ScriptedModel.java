package dev.lastcall.model;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * The built-in model, which needs no upstream: its answers are given by {@link Script} and {@link ScriptedCalls}. Interrupted answers are
 * continued exactly.
 */
@Singleton
@Startup
@Typed(ScriptedModel.class)
final class ScriptedModel implements Model {
    /** The slowest pace that is still a pace; keeps sums of nanoseconds far from overflowing. */
    private static final long LONGEST_INTERVAL = TimeUnit.DAYS.toNanos(1);

    private final long interval;
    private final TokenClock clock;

    ScriptedModel(ScriptedConfig config, TokenClock clock) {
        double rate = config.tokensPerSecond();
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw new IllegalArgumentException("lastcall.model.scripted.tokens-per-second: " + rate
                    + " (expected: a number > 0, as in 20 or 0.5)");
        }
        interval = Math.max(1, Math.min(LONGEST_INTERVAL, (long) (TimeUnit.SECONDS.toNanos(1) / rate)));
        this.clock = clock;
    }

    @Override
    public Strategy strategy(ModelRequest request) {
        return Strategy.EXACT;
    }

    @Override
    public Flow.Publisher<ModelEvent> answer(ModelRequest request) {
        return listener ->
                listener.onSubscribe(new ScriptedSubscription(ScriptedAnswer.of(request), listener, interval, clock));
    }
}
