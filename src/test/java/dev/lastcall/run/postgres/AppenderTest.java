package dev.lastcall.run.postgres;

import static dev.lastcall.run.TestRuns.await;
import static dev.lastcall.run.TestRuns.batch;
import static dev.lastcall.run.TestRuns.execute;
import static dev.lastcall.run.TestRuns.newId;
import static dev.lastcall.run.TestRuns.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.LogRegression;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AppenderTest {
    private static final long ME = 7;
    private static final long OTHER = 8;

    private static final DataSource DATABASE = TestRuns.database();

    private final Appender appender = new Appender(new Session("test", DATABASE), () -> ME, Duration.ofMillis(5));

    @AfterEach
    void close() {
        appender.close();
    }

    @Test
    void rowsAndStateOfManyRunsAreCommittedTogether() throws Exception {
        List<UUID> runs = new ArrayList<>();
        List<CompletionStage<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            UUID run = owned();
            runs.add(run);
            results.add(appender.append(batch(run, 1, 1, 3)));
        }
        for (CompletionStage<AppendResult> result : results) {
            assertThat(await(result)).isEqualTo(new AppendResult.Committed());
        }
        assertThat(runs).allSatisfy(run -> assertThat(nextSeq(run)).isEqualTo("4"));
        assertThat(TestRuns.logsAreWhole(DATABASE)).isTrue();
    }

    @Test
    void groupMayHaveMoreRunsThanOneStatementTakes() throws Exception {
        List<CompletionStage<AppendResult>> results = new ArrayList<>();
        for (int i = 0; i < Appender.MOST_RUNS + 100; i++) {
            results.add(appender.append(batch(owned(), 1, 1, 1)));
        }
        for (CompletionStage<AppendResult> result : results) {
            assertThat(await(result)).isEqualTo(new AppendResult.Committed());
        }
    }

    @Test
    void batchLargerThanAGroupIsCommittedAlone() throws Exception {
        UUID run = owned();
        Row large = new Row(1, EventType.OUTPUT_TEXT_DELTA, "x".repeat(Appender.MOST_BYTES + 1));
        assertThat(await(appender.append(new Batch(run, 1, 1, List.of(large), null))))
                .isEqualTo(new AppendResult.Committed());
    }

    @Test
    void staleEpochIsFencedAndWritesNothing() throws Exception {
        UUID run = owned();
        execute(DATABASE, "UPDATE runs SET epoch = 2, owner = " + OTHER + " WHERE id = '" + run + "'");
        assertThat(await(appender.append(batch(run, 1, 1, 3)))).isEqualTo(new AppendResult.Fenced());
        assertThat(events(run)).isEqualTo("1");
    }

    @Test
    void ownEarlierIncarnationIsFenced() throws Exception {
        UUID run = owned();
        execute(DATABASE, "UPDATE runs SET owner = " + OTHER + " WHERE id = '" + run + "'");
        assertThat(await(appender.append(batch(run, 1, 1, 3)))).isEqualTo(new AppendResult.Fenced());
        assertThat(events(run)).isEqualTo("1");
    }

    @Test
    void deletedRunIsFenced() throws Exception {
        assertThat(await(appender.append(batch(newId(), 1, 1, 1)))).isEqualTo(new AppendResult.Fenced());
    }

    @Test
    void logThatWentBackFailsTheRun() throws Exception {
        UUID run = owned();
        assertThat(await(appender.append(batch(run, 1, 5, 1))))
                .isInstanceOfSatisfying(AppendResult.Failed.class, failed -> assertThat(failed.cause())
                        .isInstanceOf(LogRegression.class));
    }

    @Test
    void sameBatchAgainIsCommittedOnce() throws Exception {
        UUID run = owned();
        assertThat(await(appender.append(batch(run, 1, 1, 3)))).isEqualTo(new AppendResult.Committed());
        assertThat(await(appender.append(batch(run, 1, 1, 3)))).isEqualTo(new AppendResult.Committed());
        assertThat(events(run)).isEqualTo("4");
    }

    @Test
    void handOffWithoutRowsAgainIsCommitted() throws Exception {
        UUID run = owned();
        Batch handOff = new Batch(run, 1, 1, List.of(), RunStatus.HANDOFF);
        assertThat(await(appender.append(handOff))).isEqualTo(new AppendResult.Committed());
        assertThat(await(appender.append(handOff))).isEqualTo(new AppendResult.Committed());
        assertThat(one(DATABASE, "SELECT status || ' ' || (owner IS NULL) FROM runs WHERE id = '" + run + "'"))
                .isEqualTo("2 true");
    }

    @Test
    void endIsWrittenIntoBothTables() throws Exception {
        UUID run = owned();
        Row last = new Row(1, EventType.COMPLETED, "{}");
        assertThat(await(appender.append(new Batch(run, 1, 1, List.of(last), RunStatus.COMPLETED))))
                .isEqualTo(new AppendResult.Committed());
        assertThat(one(DATABASE, "SELECT ended_at IS NOT NULL FROM run_meta WHERE id = '" + run + "'"))
                .isEqualTo("t");
        assertThat(one(DATABASE, "SELECT status FROM runs WHERE id = '" + run + "'"))
                .isEqualTo("3");
    }

    @Test
    void poisonedBatchFailsAloneInAGroup() throws Exception {
        List<CompletionStage<AppendResult>> good = new ArrayList<>();
        UUID poisoned = owned();
        // Held back, so that all of them are one group.
        CompletionStage<AppendResult> refused;
        try (Connection holder = DATABASE.getConnection()) {
            UUID gate = hold(holder);
            good.add(appender.append(batch(gate, 1, 1, 1)));
            awaitLockWaiter();
            for (int i = 0; i < 40; i++) {
                good.add(appender.append(batch(owned(), 1, 1, 2)));
            }
            Row nul = new Row(1, EventType.OUTPUT_TEXT_DELTA, "\u0000");
            refused = appender.append(new Batch(poisoned, 1, 1, List.of(nul), null));
            holder.rollback();
        }
        assertThat(await(refused)).isInstanceOf(AppendResult.Failed.class);
        for (CompletionStage<AppendResult> result : good) {
            assertThat(await(result)).isEqualTo(new AppendResult.Committed());
        }
        assertThat(nextSeq(poisoned)).isEqualTo("1");
        assertThat(TestRuns.logsAreWhole(DATABASE)).isTrue();
    }

    @Test
    void lockedRunWaitsForItsRowAndTheOthersAreCommittedMeanwhile() throws Exception {
        try (Connection holder = DATABASE.getConnection()) {
            UUID held = hold(holder);
            CompletionStage<AppendResult> waiting = appender.append(batch(held, 1, 1, 1));
            awaitLockWaiter();
            for (int i = 0; i < 5; i++) {
                assertThat(await(appender.append(batch(owned(), 1, 1, 1)))).isEqualTo(new AppendResult.Committed());
            }
            assertThat(waiting.toCompletableFuture()).isNotDone();
            holder.rollback();
            assertThat(await(waiting)).isEqualTo(new AppendResult.Committed());
            assertThat(events(held)).isEqualTo("2");
        }
    }

    @Test
    void lockedTableIsWaitedForHoweverLongItTakes() throws Exception {
        List<CompletionStage<AppendResult>> results = new ArrayList<>();
        UUID claimed = owned();
        UUID run = owned();
        try (Connection holder = DATABASE.getConnection()) {
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("LOCK TABLE runs IN SHARE MODE");
                results.add(appender.append(batch(claimed, 1, 1, 1)));
                awaitLockWaiter();
                for (int i = 0; i < 3; i++) {
                    results.add(appender.append(batch(owned(holder), 1, 1, 1)));
                }
                results.add(appender.append(batch(run, 1, 1, 3)));
                // Several times as long as an attempt waits for a lock.
                statement.execute("SELECT pg_sleep(3)");
                assertThat(results).noneMatch(each -> each.toCompletableFuture().isDone());
                statement.execute("UPDATE runs SET epoch = 2 WHERE id = '" + claimed + "'");
            }
            holder.commit();
        }
        assertThat(await(results.get(0))).isEqualTo(new AppendResult.Fenced());
        for (CompletionStage<AppendResult> result : results.subList(1, results.size())) {
            assertThat(await(result)).isEqualTo(new AppendResult.Committed());
        }
        assertThat(events(run)).isEqualTo("4");
    }

    @Test
    void databaseThatBecomesReadOnlyIsWaitedFor() throws Exception {
        UUID run = owned();
        DataSource other = TestRuns.database();
        try (Connection connection = other.getConnection()) {
            RunStatements.insert(connection, TestRuns.newRun(run, RunStatus.RUNNING), 0, ME);
        }
        try (Appender own = new Appender(new Session("test", other), () -> ME, Duration.ofMillis(5))) {
            assertThat(await(own.append(batch(run, 1, 1, 1)))).isEqualTo(new AppendResult.Committed());
            String name = one(other, "SELECT current_database()");
            execute(other, "ALTER DATABASE " + name + " SET default_transaction_read_only = on");
            execute(other, """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()""");
            CompletionStage<AppendResult> waiting = own.append(batch(run, 1, 2, 1));
            try (Connection connection = other.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(1)");
                assertThat(waiting.toCompletableFuture()).isNotDone();
                statement.execute("SET default_transaction_read_only = off");
                statement.execute("ALTER DATABASE " + name + " RESET default_transaction_read_only");
            }
            assertThat(await(waiting)).isEqualTo(new AppendResult.Committed());
        }
    }

    @Test
    void answerLostInMidStatementIsAskedForAgain() throws Exception {
        UUID run;
        CompletionStage<AppendResult> result;
        try (Connection holder = DATABASE.getConnection()) {
            run = hold(holder);
            result = appender.append(batch(run, 1, 1, 3));
            awaitLockWaiter();
            execute(DATABASE, """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'""");
            holder.rollback();
        }
        assertThat(await(result)).isEqualTo(new AppendResult.Committed());
        assertThat(events(run)).isEqualTo("4");
    }

    @Test
    void secondBatchOfARunInFlightIsADefectOfTheCaller() throws Exception {
        try (Connection holder = DATABASE.getConnection()) {
            UUID run = hold(holder);
            appender.append(batch(run, 1, 1, 1));
            assertThatThrownBy(() -> appender.append(batch(run, 1, 2, 1))).isInstanceOf(IllegalStateException.class);
            holder.rollback();
        }
    }

    @Test
    void batchOfALaterEpochWaitsForTheOneInFlight() throws Exception {
        CompletionStage<AppendResult> early;
        CompletionStage<AppendResult> late;
        try (Connection holder = DATABASE.getConnection()) {
            UUID run = hold(holder);
            early = appender.append(batch(run, 1, 1, 1));
            awaitLockWaiter();
            try (Statement claim = holder.createStatement()) {
                claim.execute("UPDATE runs SET epoch = 2 WHERE id = '" + run + "'");
            }
            late = appender.append(batch(run, 2, 1, 1));
            holder.commit();
        }
        assertThat(await(early)).isEqualTo(new AppendResult.Fenced());
        assertThat(await(late)).isEqualTo(new AppendResult.Committed());
    }

    @Test
    void closedAppenderCompletesNothing() throws Exception {
        UUID run = owned();
        appender.close();
        assertThat(await(appender.append(batch(run, 1, 1, 1)))).isEqualTo(new AppendResult.Fenced());
    }

    /** A run whose row the connection holds. */
    private static UUID hold(Connection holder) throws Exception {
        UUID run = owned();
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("SELECT FROM runs WHERE id = '" + run + "' FOR UPDATE");
        }
        return run;
    }

    private static void awaitLockWaiter() {
        Awaitility.await().pollInterval(Duration.ofMillis(5)).untilAsserted(() -> assertThat(one(DATABASE, """
                SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"""))
                .isEqualTo("1"));
    }

    private static UUID owned() throws Exception {
        try (Connection connection = DATABASE.getConnection()) {
            return owned(connection);
        }
    }

    private static UUID owned(Connection connection) throws Exception {
        UUID run = newId();
        RunStatements.insert(connection, TestRuns.newRun(run, RunStatus.RUNNING), 0, ME);
        return run;
    }

    private static String nextSeq(UUID run) {
        return one(DATABASE, "SELECT next_seq FROM runs WHERE id = '" + run + "'");
    }

    private static String events(UUID run) {
        return one(DATABASE, "SELECT count(*) FROM run_events WHERE run_id = '" + run + "'");
    }
}
