package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs under random faults of their pods, PostgreSQL, Redis and the networks between, by {@code ./mvnw -Pchaos verify}. {@code
 * -Dlastcall.chaos.seed=…} repeats the faults and their order, not how their races end.
 */
class RunsChaos {
    private static final Duration LENGTH = Duration.parse(System.getProperty("lastcall.chaos", "PT8M"));
    private static final long SEED = Long.getLong("lastcall.chaos.seed", System.nanoTime());
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final int PODS = 3;
    private static final int AT_ONCE = Integer.getInteger("lastcall.chaos.clients", 60);
    private static final int TOKENS = 120;
    /** Jars, pools of connections, listeners; a few hundred runs and clients later not one more. */
    private static final long MOST_DESCRIPTORS = 250;

    private final FaultyPods pods = new FaultyPods();
    private final SeenEvents seen = new SeenEvents();
    private final AtomicInteger whole = new AtomicInteger();
    private final AtomicInteger effects = new AtomicInteger();
    private final Map<PodFault, Integer> faults = new EnumMap<>(PodFault.class);
    private volatile boolean enough;

    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void everyRunIsWholeAndEveryEffectIsOne() throws Exception {
        System.out.println("lastcall.chaos.seed=" + SEED);
        Random random = new Random(SEED);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (pods) {
            for (int i = 0; i < PODS; i++) {
                pods.add();
            }
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                Random own = new Random(random.nextLong());
                clients.add(threads.submit(() -> keepComing(own)));
            }
            strike(random, clients);
            enough = true;
            long end = System.nanoTime() + LIMIT.toNanos();
            for (Future<?> client : clients) {
                client.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            assertWhole();
            assertEnded();
            print();
        } finally {
            threads.shutdownNow();
        }
    }

    private void strike(Random random, List<Future<?>> clients) throws Exception {
        long end = System.nanoTime() + LENGTH.toNanos();
        for (int number = 1; System.nanoTime() < end; number++) {
            PodFault.pause(500 + random.nextInt(2500));
            PodFault fault = PodFault.random(random);
            System.out.println("chaos " + number + ": " + fault + ", whole runs " + whole);
            faults.merge(fault, 1, Integer::sum);
            fault.happen(pods, random);
            for (Future<?> client : clients) {
                if (client.isDone()) {
                    client.get();
                }
            }
        }
    }

    private void keepComing(Random random) {
        while (!enough) {
            switch (random.nextInt(10)) {
                case 0 -> new RunClient(pods::serving, SILENCE, random.nextInt(40)).leave("count to " + TOKENS);
                // An effect that must not happen twice.
                case 1 ->
                    new RunClient(pods::serving, SILENCE, -1)
                            .leave("call pay {\"at\":" + effects.incrementAndGet() + "}");
                case 2 -> follow(client(random).slowly(random.nextInt(60)), random);
                default -> follow(client(random), random);
            }
        }
    }

    private RunClient client(Random random) {
        int stay = random.nextBoolean() ? Integer.MAX_VALUE : 5 + random.nextInt(TOKENS);
        return new RunClient(pods::serving, SILENCE, stay).telling(seen);
    }

    /** Hears a run to its end, and sometimes once more from its beginning, as another client on another pod. */
    private void follow(RunClient client, Random random) {
        client.complete("count to " + TOKENS);
        assertHeard(client);
        if (random.nextInt(4) == 0) {
            assertHeard(new RunClient(pods::serving, SILENCE)
                    .telling(seen)
                    .of(String.valueOf(client.run()))
                    .complete(""));
        }
        whole.incrementAndGet();
    }

    private static void assertHeard(RunClient client) {
        assertThat(client.tokens()).as(client.toString()).isEqualTo(Clients.countTo(TOKENS));
        assertThat(client.reason()).as(client.toString()).isEqualTo("completed");
    }

    /** Asserts that runs for which clients never came back are whole too, and that the log says what everybody saw. */
    private void assertWhole() {
        await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(
                        number("SELECT count(*) FROM runs WHERE status <> %d".formatted(RunStatus.COMPLETED.code())))
                .isZero());
        var log = pods.pods.databases().postgres();
        assertThat(TestRuns.logsAreWhole(log)).isTrue();
        assertThat(number("""
                SELECT count(*) FROM runs r WHERE
                (SELECT count(*) FROM run_events e WHERE e.run_id = r.id AND type = %d) <> 1""".formatted(EventType.COMPLETED.code()))).isZero();
        assertThat(number("""
                SELECT count(*) FROM runs r JOIN run_meta m USING (id) WHERE m.request NOT LIKE '%%call pay%%'
                AND (SELECT count(*) FROM run_events e WHERE e.run_id = r.id AND type = %d) <> %d""".formatted(EventType.OUTPUT_TEXT_DELTA.code(), TOKENS)))
                .isZero();
        assertThat(seen.violations(log)).isEmpty();
        List<String> payments =
                pods.tools.requests("/pay").stream().map(each -> each.key()).toList();
        assertThat(payments).isNotEmpty().doesNotHaveDuplicates();
    }

    /** Asserts that the pods that are there have nothing left, and that those that were asked to end told the truth. */
    private void assertEnded() {
        for (Pod pod : pods.serving()) {
            Operator operator = new Operator(pod);
            operator.awaitInFlight(0);
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(operator.metric("lastcall_runs_owned")).isZero();
                assertThat(pod.descriptors()).isLessThan(MOST_DESCRIPTORS);
            });
            pods.end(pod);
        }
        assertThat(pods.asked).allSatisfy(pod -> {
            int code = pod.exitCode(LIMIT);
            var report = new Operator(pod).report();
            assertThat(report.get("exit-code").asInt()).isEqualTo(code);
            boolean clean = report.get("cut").asLong() == 0
                    && report.get("lost").asLong() == 0
                    && report.get("release").findValuesAsText("outcome").stream()
                            .allMatch("released"::equals)
                    && report.get("state").asText().equals("stopped");
            assertThat(clean).as(report.toString()).isEqualTo(code == 0);
        });
    }

    private long number(String sql) {
        return Long.parseLong(pods.pods.ask(sql));
    }

    private void print() {
        System.out.printf(
                "chaos: seed=%d faults=%s runs=%d heard-whole=%d killed=%d handed-off=%d events-seen=%d gaps=0 duplicates=0 effects=%d twice=0%n",
                SEED,
                faults,
                number("SELECT count(*) FROM runs"),
                whole.get(),
                number("SELECT coalesce(sum(attempts), 0) FROM runs"),
                number("SELECT coalesce(sum(handoffs), 0) FROM runs"),
                seen.count(),
                pods.tools.requests("/pay").size());
    }
}
