package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Pods are ended, killed and replaced at random, PostgreSQL restarts: every run completes once, and every client hears each token once. More
 * runs than in a build: {@code -Dlastcall.it.runs=200 -Dlastcall.it.tokens=200 -Dlastcall.it.rounds=12}.
 */
class RunsSurviveIT {
    private static final Duration LIMIT = Duration.ofSeconds(150);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final int RUNS = Integer.getInteger("lastcall.it.runs", 60);
    private static final int TOKENS = Integer.getInteger("lastcall.it.tokens", 100);
    private static final int ROUNDS = Integer.getInteger("lastcall.it.rounds", 4);
    private static final int AT_ONCE = 15;

    @Test
    void everyRunCompletesOnceWhileItsPodsAreEndedAndKilled() throws Exception {
        long seed = Long.getLong("lastcall.it.seed", System.nanoTime());
        System.out.println("lastcall.it.seed=" + seed);
        Random random = new Random(seed);
        try (Deployment pods = new Deployment("model.scripted.tokens-per-second", "25");
                Clients clients = new Clients(AT_ONCE)) {
            pods.add();
            pods.add();
            clients.keepComing(AT_ONCE, RUNS, TOKENS, pods::serving, SILENCE);
            List<Pod> ended = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                awaitSome(clients);
                if (i % 2 == 0) {
                    ended.add(replace(pods, random));
                } else {
                    loseOne(pods, random);
                }
            }

            List<RunClient> all = clients.finish(LIMIT);

            assertThat(all).allSatisfy(client -> {
                assertThat(client.tokens()).isEqualTo(Clients.countTo(TOKENS));
                assertThat(client.reason()).as(client.toString()).isEqualTo("completed");
            });
            // A begin whose answer was lost is a run that nobody follows, and no less whole.
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(pods.spoiled(TOKENS)).isZero());
            assertThat(Long.parseLong(pods.ask("SELECT count(*) FROM runs"))).isGreaterThanOrEqualTo(all.size());
            assertThat(all).hasSizeGreaterThanOrEqualTo(RUNS);
            assertThat(TestRuns.logsAreWhole(pods.databases().postgres())).isTrue();
            // The above can fail: runs did change hands both ways, in the middle.
            assertThat(Long.parseLong(pods.ask("SELECT sum(handoffs) FROM runs")))
                    .isPositive();
            assertThat(Long.parseLong(pods.ask("SELECT sum(attempts) FROM runs")))
                    .isPositive();
            assertThat(all).anyMatch(client -> client.connections() > 1);
            assertThat(ended).allSatisfy(pod -> {
                int code = pod.exitCode(LIMIT);
                assertThat(code).as(() -> new Operator(pod).report().toString()).isZero();
            });
            print(pods, all);
        }
    }

    /** Every client has begun anew: each pod has some, and no run loses all its attempts. */
    private static void awaitSome(Clients clients) {
        int before = clients.all().size();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(clients.all().size()).isGreaterThan(before + AT_ONCE));
    }

    /** A rolling update's step: the next pod is ready before the old one is told. */
    private static Pod replace(Deployment pods, Random random) {
        Pod old = anyOf(pods, random);
        pods.add();
        pods.withdraw(old);
        old.signal("TERM");
        return old;
    }

    private static void loseOne(Deployment pods, Random random) {
        Pod lost = anyOf(pods, random);
        lost.signal("KILL");
        pods.withdraw(lost);
        pods.add();
    }

    private static Pod anyOf(Deployment pods, Random random) {
        return pods.serving().get(random.nextInt(pods.serving().size()));
    }

    private static void print(Deployment pods, List<RunClient> all) {
        System.out.printf(
                "runs=%s handoffs=%s attempts=%s resumed-clients=%d longest-gap-ms=%d%n",
                pods.ask("SELECT count(*) FROM runs"),
                pods.ask("SELECT sum(handoffs) FROM runs"),
                pods.ask("SELECT sum(attempts) FROM runs"),
                all.stream().filter(client -> client.connections() > 1).count(),
                all.stream()
                        .mapToLong(client -> client.longestGap().toMillis())
                        .max()
                        .orElse(0));
    }

    @Test
    void restartsOfPostgresqlDelayRunsAndLoseNothing() throws Exception {
        int tokens = 150;
        try (Deployment pods = new Deployment("model.scripted.tokens-per-second", "25");
                Clients clients = new Clients(12)) {
            pods.add();
            pods.add();
            clients.begin(12, tokens, pods::serving, Duration.ofSeconds(60));
            clients.awaitTokens(10);
            pods.databases().stopPostgres();
            pods.databases().restartPostgres();
            clients.awaitTokens(60);
            pods.databases().killPostgres();
            pods.databases().restartPostgres();

            assertThat(clients.finish(LIMIT)).allSatisfy(client -> {
                assertThat(client.tokens()).isEqualTo(Clients.countTo(tokens));
                // Their pods were there all the time: nobody had to come again.
                assertThat(client.connections()).isOne();
            });
            assertThat(pods.spoiled(tokens)).isZero();
            assertThat(pods.ask("SELECT count(*) FROM runs")).isEqualTo("12");
            assertThat(TestRuns.logsAreWhole(pods.databases().postgres())).isTrue();
        }
    }
}
