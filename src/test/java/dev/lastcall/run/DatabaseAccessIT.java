package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that belongs to others: a schema and a user of its own, a password that is changed, a user that may make no tables. */
class DatabaseAccessIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path secret;

    @Test
    void schemaAndPasswordAreOnesOwnAndThePasswordMayChange() throws IOException {
        try (Databases databases = Databases.start()) {
            askForPasswords(databases);
            TestRuns.execute(databases.postgres(), """
                    CREATE ROLE app LOGIN PASSWORD 'first';
                    CREATE SCHEMA runs AUTHORIZATION app;
                    REVOKE CREATE ON SCHEMA public FROM public""");
            mount("first");
            Map<String, String> settings = settings(databases);
            settings.put("lastcall.run.schema", "runs");
            try (Pod pod = Pod.start(settings)) {
                assertRuns(pod);
                assertThat(
                                TestRuns.one(
                                        databases.postgres(),
                                        "SELECT string_agg(DISTINCT schemaname, ',') FROM pg_tables WHERE tablename ~ '^run|^drain|^pods|^fleet'"))
                        .isEqualTo("runs");

                TestRuns.execute(databases.postgres(), "ALTER ROLE app PASSWORD 'second'");
                mount("second");
                TestRuns.execute(
                        databases.postgres(),
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
                awaitReady(pod);
                assertRuns(pod);
            }
            mount("first");
            try (Pod late = Pod.launch(settings)) {
                assertThat(late.exitCode(LIMIT)).isOne();
                assertThat(late.lines())
                        .anyMatch(line -> line.contains("password authentication failed for user \"app\""));
            }
        }
    }

    @Test
    void userThatMayMakeNoTablesServesWhereOthersMakeThem() throws IOException {
        try (Databases databases = Databases.start()) {
            TestRuns.execute(databases.postgres(), "CREATE ROLE app LOGIN PASSWORD 'first'");
            mount("first");
            // The owner migrates: here by a pod of its own that comes and goes.
            Map<String, String> owner = ShortDrain.of();
            owner.putAll(databases.settings());
            try (Pod migrating = Pod.start(owner)) {
                migrating.signal("TERM");
                assertThat(migrating.exitCode(LIMIT)).isZero();
            }
            TestRuns.execute(databases.postgres(), """
                    REVOKE CREATE ON SCHEMA public FROM public;
                    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO app""");
            TestRuns.execute(databases.postgres(), Files.readString(Path.of("src/docs/partitions.sql")));
            try (Pod refused = Pod.launch(settings(databases))) {
                assertThat(refused.exitCode(LIMIT)).isOne();
                assertThat(refused.lines()).anyMatch(line -> line.contains("lastcall.run.partitions=external"));
            }
            Map<String, String> settings = settings(databases);
            settings.put("lastcall.run.partitions", "external");
            try (Pod pod = Pod.start(settings)) {
                assertRuns(pod);
            }
        }
    }

    /** Both files as Kubernetes mounts a Secret. */
    private void mount(String password) throws IOException {
        Files.writeString(secret.resolve("username"), "app");
        Files.writeString(secret.resolve("password"), password + "\n");
    }

    private Map<String, String> settings(Databases databases) {
        Map<String, String> settings = ShortDrain.of();
        settings.putAll(databases.settings());
        settings.remove("quarkus.datasource.username");
        settings.remove("quarkus.datasource.password");
        settings.put("quarkus.datasource.credentials-provider", secret.toString());
        settings.put("lastcall.model.scripted.tokens-per-second", "1000");
        return settings;
    }

    /** The server's own default lets everybody in who comes from this machine. */
    private static void askForPasswords(Databases databases) throws IOException {
        Path rules = Path.of(TestRuns.one(databases.postgres(), "SHOW hba_file"));
        Files.writeString(rules, "host all app all scram-sha-256\nlocal all all trust\nhost all all all trust\n");
        TestRuns.execute(databases.postgres(), "SELECT pg_reload_conf()");
    }

    private static void awaitReady(Pod pod) {
        Operator operator = new Operator(pod);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        operator.ask("GET", "/q/health/ready").statusCode())
                .isEqualTo(200));
    }

    private static void assertRuns(Pod pod) {
        awaitReady(pod);
        RunClient client = new RunClient(() -> List.of(pod), LIMIT).complete("count to 3");
        assertThat(client.tokens()).isEqualTo(Clients.countTo(3));
    }
}
