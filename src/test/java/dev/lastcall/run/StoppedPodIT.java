package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A pod that is frozen for longer than its lease: others finish its runs, and it finds out before it shows anything of its own. */
class StoppedPodIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int TOKENS = 200;
    private static final int RUNS = 8;

    @Test
    void frozenPodIsFencedAndItsClientsHearEachTokenOnce() throws Exception {
        try (Deployment pods = new Deployment("model.scripted.tokens-per-second", "20");
                Clients clients = new Clients(RUNS)) {
            Pod frozen = pods.add();
            Pod other = pods.add();
            // They stay with their pod, whatever becomes of it.
            clients.begin(RUNS, TOKENS, () -> List.of(frozen), LIMIT);
            clients.awaitTokens(10);
            frozen.signal("STOP");
            other.awaitLine("dead pods own runs", LIMIT);
            await().atMost(LIMIT).untilAsserted(() -> assertThat(pods.ask("SELECT min(attempts) FROM runs"))
                    .isEqualTo("1"));
            int taken = Integer.parseInt(pods.ask("SELECT min(next_seq) FROM runs"));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(Integer.parseInt(pods.ask("SELECT min(next_seq) FROM runs")))
                            .isGreaterThan(taken + 20));
            assertThat(clients.done()).isZero();
            frozen.signal("CONT");

            frozen.awaitLine("declared dead, all runs are dropped", LIMIT);
            assertThat(clients.finish(LIMIT)).allSatisfy(client -> {
                assertThat(client.tokens()).isEqualTo(Clients.countTo(TOKENS));
                assertThat(client.connections()).isOne();
            });
            assertThat(pods.spoiled(TOKENS)).isZero();
            assertThat(TestRuns.logsAreWhole(pods.databases().postgres())).isTrue();
            Operator operator = new Operator(frozen);
            assertThat(operator.metric("lastcall_runs_fenced_total")).isEqualTo(RUNS);
            assertThat(operator.metric("lastcall_runs_owned")).isZero();
            assertThat(operator.metric("lastcall_tail_source_total{source=\"log\"}"))
                    .isGreaterThan(20);
            assertThat(operator.metric("lastcall_tail_source_total{source=\"local\"}"))
                    .isPositive();
            assertThat(operator.ask("GET", "/q/metrics").body())
                    .contains("lastcall_tokens_respent_total", "lastcall_handoff_seconds_count");
            // It is a new incarnation, and serves.
            RunClient next = new RunClient(() -> List.of(frozen), LIMIT).complete("count to 3");
            assertThat(next.tokens()).isEqualTo(Clients.countTo(3));
            assertThat(UUID.fromString(String.valueOf(next.run())).version()).isEqualTo(7);
        }
    }
}
