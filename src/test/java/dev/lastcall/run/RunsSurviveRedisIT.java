package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.RedisProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The chaos of {@link RunsSurviveIT}, with Redis killed or frozen under the same runs, and emptied when it is back. Clients move from pod to pod by
 * themselves, so that there are always some whose run another pod executes: Redis brings the news to those.
 */
class RunsSurviveRedisIT {
    private static final String FROM_REDIS = "lastcall_tail_source_total{source=\"redis\"}";
    private static final int STAY = 20;
    /** Runs that end and are followed by others while Redis is away. */
    private static final int SOME = 5;

    /** A fault of Redis and its recovery. */
    private record Fault(Consumer<RedisProcess> begin, Consumer<RedisProcess> end) {}

    private static final List<Fault> FAULTS = List.of(
            new Fault(RedisProcess::kill, RedisProcess::restart), new Fault(RedisProcess::freeze, RedisProcess::thaw));

    @Test
    void everyRunCompletesOnceWhileRedisIsKilledFrozenAndEmptied() throws Exception {
        try (Chaos chaos = new Chaos(3 * STAY, STAY)) {
            chaos.begin();
            RedisProcess redis = chaos.pods().databases().redis();
            for (int i = 0; i < Chaos.rounds(FAULTS.size()); i++) {
                Fault fault = FAULTS.get(i % FAULTS.size());
                awaitMoreFromRedis(chaos.pods());
                fault.begin().accept(redis);
                chaos.strike(i);
                chaos.awaitNewRuns(SOME);
                fault.end().accept(redis);
                assertThat(redis.command("FLUSHALL")).startsWith("+OK");
            }
            awaitMoreFromRedis(chaos.pods());

            chaos.assertSurvived();
        }
    }

    /** Redis carries events now: a pod that was there has more of them, or a new one has some. */
    private static void awaitMoreFromRedis(Deployment pods) {
        Map<Pod, Double> before = new HashMap<>();
        pods.serving().forEach(pod -> before.put(pod, fromRedis(pod)));
        await().atMost(Chaos.LIMIT).pollInterval(Duration.ofMillis(250)).untilAsserted(() -> assertThat(pods.serving())
                .anyMatch(pod -> fromRedis(pod) > before.getOrDefault(pod, 0.0)));
    }

    private static double fromRedis(Pod pod) {
        return new Operator(pod).metric(FROM_REDIS);
    }
}
