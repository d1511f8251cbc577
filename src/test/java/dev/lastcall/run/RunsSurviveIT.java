package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Pods are ended, killed and replaced at random, PostgreSQL restarts: every run completes once, and every client hears each token once. */
class RunsSurviveIT {
    @Test
    void everyRunCompletesOnceWhileItsPodsAreEndedAndKilled() throws Exception {
        try (Chaos chaos = new Chaos(100, Integer.MAX_VALUE)) {
            chaos.begin();
            for (int i = 0; i < Chaos.rounds(4); i++) {
                chaos.awaitNewRuns();
                chaos.strike(i);
            }

            chaos.assertSurvived();
        }
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

            assertThat(clients.finish(Chaos.LIMIT)).allSatisfy(client -> {
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
