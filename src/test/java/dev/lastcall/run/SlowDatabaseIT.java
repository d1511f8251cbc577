package dev.lastcall.run;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A PostgreSQL that comes late, is locked, and becomes read-only for a while: one pod lives through all of it and loses nothing. */
class SlowDatabaseIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int TOKENS = 250;
    private static final String NOBODY = "for nobody";

    @Test
    void podWaitsForItsDatabaseAndGoesOnWhereItWas() {
        try (Databases databases = Databases.start()) {
            Map<String, String> settings = ShortDrain.of();
            settings.putAll(databases.settings());
            settings.put("lastcall.model.scripted.tokens-per-second", "25");
            databases.stopPostgres();
            try (Pod pod = Pod.launch(settings)) {
                pod.awaitLine("PostgreSQL is not there yet, tried again for \\d+s: Connection .* refused", LIMIT);
                databases.restartPostgres();
                pod.awaitLine("started in [0-9.]+s\\.", LIMIT);
                Operator operator = new Operator(pod);
                awaitReadiness(operator, 200);
                streamGoesOnBehindALock(pod, databases);
                streamGoesOnWhenItsStandbyDoes(pod, operator, databases);
                readOnlyServerIsLeft(pod, operator, databases);
            }
        }
    }

    private static void streamGoesOnBehindALock(Pod pod, Databases databases) {
        RunClient client = new RunClient(() -> List.of(pod), LIMIT);
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> client.complete("count to " + TOKENS));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(client.tokens()).hasSizeGreaterThan(20));
        CompletableFuture<Void> left = CompletableFuture.runAsync(() -> askAndLeave(pod), delayedExecutor(1, SECONDS));
        TestRuns.execute(databases.postgres(), "BEGIN; LOCK TABLE runs IN SHARE MODE; SELECT pg_sleep(6); COMMIT");
        left.orTimeout(LIMIT.toSeconds(), SECONDS).join();
        done.orTimeout(LIMIT.toSeconds(), SECONDS).join();
        assertThat(client.tokens()).isEqualTo(Clients.countTo(TOKENS));
        assertThat(client.reason()).isEqualTo("completed");
        assertThat(client.connections()).isOne();
        assertThat(TestRuns.one(
                        databases.postgres(), "SELECT count(*) FROM run_meta WHERE request LIKE '%" + NOBODY + "%'"))
                .isEqualTo("0");
    }

    /** Asks for runs that PostgreSQL does not take now, and does not wait. */
    private static void askAndLeave(Pod pod) {
        for (int i = 0; i < 3; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), pod.httpPort())) {
                String body = "{\"input\":\"" + NOBODY + "\"}";
                String request =
                        "POST /agent/stream HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body;
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                socket.setSoTimeout(300);
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Commits wait for a standby that is not there, longer than any statement of ours may take. */
    private static void streamGoesOnWhenItsStandbyDoes(Pod pod, Operator operator, Databases databases) {
        RunClient client = new RunClient(() -> List.of(pod), LIMIT);
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> client.complete("count to " + TOKENS));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(client.tokens()).hasSizeGreaterThan(20));
        TestRuns.execute(databases.postgres(), "ALTER SYSTEM SET synchronous_standby_names = 'ghost'");
        TestRuns.execute(databases.postgres(), "SELECT pg_reload_conf()");
        awaitReadiness(operator, 503);
        int shown = client.tokens().size();
        TestRuns.execute(databases.postgres(), "SELECT pg_sleep(11)");
        // What is not safe is not shown.
        assertThat(client.tokens()).hasSize(shown);
        TestRuns.execute(databases.postgres(), "ALTER SYSTEM RESET synchronous_standby_names");
        TestRuns.execute(databases.postgres(), "SELECT pg_reload_conf()");
        awaitReadiness(operator, 200);
        done.orTimeout(LIMIT.toSeconds(), SECONDS).join();
        assertThat(client.tokens()).isEqualTo(Clients.countTo(TOKENS));
        assertThat(client.reason()).isEqualTo("completed");
        assertThat(client.connections()).isOne();
    }

    private static void readOnlyServerIsLeft(Pod pod, Operator operator, Databases databases) {
        RunClient client = new RunClient(() -> List.of(pod), LIMIT);
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> client.complete("count to " + TOKENS));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(client.tokens()).hasSizeGreaterThan(20));
        TestRuns.execute(databases.postgres(), "ALTER DATABASE postgres SET default_transaction_read_only = on");
        TestRuns.execute(databases.postgres(), """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()""");
        awaitReadiness(operator, 503);
        TestRuns.execute(databases.postgres(), """
                BEGIN READ WRITE; ALTER DATABASE postgres RESET default_transaction_read_only; COMMIT""");
        long writable = System.nanoTime();
        awaitReadiness(operator, 200);
        RunClient next = new RunClient(() -> List.of(pod), LIMIT).complete("count to 3");
        assertThat(next.tokens()).isEqualTo(Clients.countTo(3));
        assertThat(Duration.ofNanos(System.nanoTime() - writable)).isLessThan(LIMIT);
        done.orTimeout(LIMIT.toSeconds(), SECONDS).join();
        assertThat(client.tokens()).isEqualTo(Clients.countTo(TOKENS));
        assertThat(client.reason()).isEqualTo("completed");
    }

    private static void awaitReadiness(Operator operator, int status) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        operator.ask("GET", "/q/health/ready").statusCode())
                .isEqualTo(status));
    }
}
