package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL is gone when an ending pod is to give its runs away, and once more while it serves its clients from the log: both take place
 * later, and within the budget.
 */
class OutageInTheDrainIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int RUNS = 8;
    /** 10 s, of which PostgreSQL is gone for some. */
    private static final int TOKENS = 250;

    @Test
    void clientsOfAnEndingPodHearEachTokenOnceThoughPostgresqlRestarts() throws Exception {
        try (Deployment pods = new Deployment(
                        "model.scripted.tokens-per-second", "25",
                        "drain.grace-period", "40s",
                        "drain.lame-duck.min", "2s",
                        "drain.lame-duck.max", "2s");
                Clients clients = new Clients(RUNS)) {
            Pod old = pods.add();
            Pod next = pods.add();
            pods.withdraw(next);
            await().atMost(LIMIT).untilAsserted(() -> assertThat(pods.ask("SELECT count(*) FROM pods WHERE NOT dead"))
                    .isEqualTo("2"));
            clients.begin(RUNS, TOKENS, pods::serving, LIMIT);
            clients.awaitTokens(5);
            pods.serving().add(next);
            pods.withdraw(old);
            old.signal("TERM");
            old.awaitLine("drain state=lame-duck", LIMIT);
            pods.databases().stopPostgres();
            old.awaitLine("drain state=draining", LIMIT);
            pods.databases().restartPostgres();
            // Given away as soon as that can be written, and executed elsewhere.
            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            pods.ask("SELECT count(*) FROM runs WHERE handoffs = 1 AND epoch = 2"))
                    .isEqualTo(Integer.toString(RUNS)));
            assertThat(clients.done()).isZero();
            pods.databases().killPostgres();
            pods.databases().restartPostgres();

            assertThat(clients.finish(LIMIT)).allSatisfy(client -> {
                assertThat(client.tokens()).isEqualTo(Clients.countTo(TOKENS));
                assertThat(client.reason()).isEqualTo("completed");
            });
            // Past its deadline a pod halts with 1.
            assertThat(old.exitCode(LIMIT)).isZero();
            assertThat(new Operator(old).report().get("cut").asInt()).isZero();
            assertThat(pods.spoiled(TOKENS)).isZero();
            assertThat(pods.ask("SELECT count(*) FROM runs")).isEqualTo(Integer.toString(RUNS));
            assertThat(TestRuns.logsAreWhole(pods.databases().postgres())).isTrue();
        }
    }
}
