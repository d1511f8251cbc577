package dev.lastcall.run.postgres;

import static dev.lastcall.run.TestRuns.await;
import static dev.lastcall.run.TestRuns.execute;
import static dev.lastcall.run.TestRuns.newRun;
import static dev.lastcall.run.TestRuns.one;
import static dev.lastcall.run.TestRuns.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.FakeTime;
import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.NewRun;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HousekeepingTest {
    private static final Duration RETENTION = Duration.ofHours(24);
    private static final String ATTACHED =
            "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'run_events'::regclass";

    private final DataSource database = TestRuns.emptyDatabase();
    private final Instant now = Instant.now();
    private final Housekeeping keeper = new Housekeeping(database, new FakeTime(), RETENTION);

    @AfterEach
    void close() {
        keeper.close();
    }

    @Test
    void startMakesTheDaysFromYesterdayToThreeDaysAhead() throws SQLException {
        keeper.start();
        List<String> days = new ArrayList<>();
        for (int i = -1; i <= 3; i++) {
            days.add(DayPartition.of(now).plus(i).table());
        }
        assertThat(query(database, ATTACHED)).containsAll(days.subList(0, 4));
    }

    @Test
    void podsThatStartTogetherDoNotStandInEachOthersWay() {
        List<CompletableFuture<Void>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(CompletableFuture.runAsync(() -> {
                Housekeeping other = new Housekeeping(database, new FakeTime(), RETENTION);
                try {
                    other.start();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                } finally {
                    other.close();
                }
            }));
        }
        CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).join();
        assertThat(query(database, ATTACHED)).hasSize(5);
    }

    @Test
    void tableThatWasMadeAndNotAttachedIsAttached() throws SQLException {
        execute(database, "CREATE TABLE " + DayPartition.of(now).table() + " (LIKE run_events INCLUDING ALL)");
        keeper.start();
        assertThat(query(database, ATTACHED)).contains(DayPartition.of(now).table());
    }

    @Test
    void runsFindTheirDayAtBothOfItsEnds() throws SQLException {
        keeper.start();
        DayPartition today = DayPartition.of(now);
        insert(today.end().toEpochMilli() - 1, RunStatus.QUEUED);
        insert(today.end().toEpochMilli(), RunStatus.QUEUED);
        assertThat(one(database, "SELECT count(*) FROM " + today.table())).isEqualTo("1");
        assertThat(one(database, "SELECT count(*) FROM " + today.plus(1).table()))
                .isEqualTo("1");
    }

    @Test
    void dayThatIsOverForRetentionIsDroppedWithItsEndedRuns() throws Exception {
        UUID old = insertOld(RunStatus.COMPLETED);
        assertThat(keeper.keep()).isTrue();
        assertThat(one(database, "SELECT count(*) FROM runs WHERE id = '" + old + "'"))
                .isEqualTo("0");
        assertThat(one(database, "SELECT count(*) FROM run_meta")).isEqualTo("0");
        assertThat(query(database, tables(longAgo()))).isEmpty();
    }

    @Test
    void dayOfALiveRunStaysAndItsEndedRunsGo() throws Exception {
        UUID live = insertOld(RunStatus.RUNNING);
        UUID ended = insert(longAgo().end().toEpochMilli() - 2, RunStatus.COMPLETED);
        keeper.keep();
        assertThat(query(database, "SELECT id FROM runs")).containsExactly(live.toString());
        assertThat(query(database, ATTACHED)).contains(longAgo().table());
        assertThat(one(database, "SELECT count(*) FROM run_events WHERE run_id = '" + live + "'"))
                .isEqualTo("1");
        execute(database, "UPDATE runs SET status = 4");
        keeper.keep();
        assertThat(query(database, tables(longAgo()))).isEmpty();
        assertThat(ended).isNotNull();
    }

    @Test
    void youngerDayStays() throws Exception {
        partition(DayPartition.of(now).plus(-1));
        UUID young = insert(DayPartition.of(now).first().getMostSignificantBits() >>> 16, RunStatus.COMPLETED);
        keeper.keep();
        assertThat(query(database, "SELECT id FROM runs")).containsExactly(young.toString());
    }

    @Test
    void halfDetachedDayIsFinished() throws Exception {
        insertOld(RunStatus.COMPLETED);
        try (Connection reader = database.getConnection();
                Statement read = reader.createStatement();
                Connection detacher = database.getConnection();
                Statement detach = detacher.createStatement()) {
            reader.setAutoCommit(false);
            // A statement that is not over keeps the detachment waiting, until it is cut off.
            read.execute("SELECT FROM run_events LIMIT 1");
            detach.execute("SET statement_timeout = '300ms'");
            try {
                detach.execute(
                        "ALTER TABLE run_events DETACH PARTITION " + longAgo().table() + " CONCURRENTLY");
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("57014");
            }
            reader.rollback();
        }
        assertThat(one(database, "SELECT count(*) FROM pg_inherits WHERE inhdetachpending"))
                .isEqualTo("1");
        keeper.keep();
        assertThat(query(database, tables(longAgo()))).isEmpty();
    }

    @Test
    void onlyOnePodKeepsHouse() throws Exception {
        keeper.start();
        execute(database, "UPDATE fleet SET house_until = clock_timestamp() + interval '1 min'");
        assertThat(keeper.keep()).isFalse();
        execute(database, "UPDATE fleet SET house_until = clock_timestamp() - interval '1 ms'");
        assertThat(keeper.keep()).isTrue();
        // Given up at once, not after a while.
        assertThat(keeper.keep()).isTrue();
        assertThat(one(database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                .isEqualTo("0");
    }

    @Test
    void unstoredRunsGoUntilNoneIsDue() throws Exception {
        keeper.start();
        execute(database, """
                INSERT INTO runs (id, status, epoch, next_seq, deadline, format)
                SELECT gen_random_uuid(), 3, 1, 0, clock_timestamp(), 1 FROM generate_series(1, 1700)""");
        execute(database, """
                INSERT INTO run_meta (id, tenant, wire, request, req_hash, stored, ended_at)
                SELECT id, 't', 'chat', '{}', '', false, clock_timestamp() - interval '11 min' FROM runs""");
        keeper.keep();
        assertThat(one(database, "SELECT count(*) FROM runs")).isEqualTo("0");
        assertThat(one(database, "SELECT count(*) FROM run_meta")).isEqualTo("0");
    }

    @Test
    void unstoredRunsGoTenMinutesAfterTheirEnd() throws Exception {
        keeper.start();
        UUID early = insert(now.toEpochMilli(), RunStatus.COMPLETED);
        UUID late = insert(now.toEpochMilli(), RunStatus.COMPLETED);
        UUID kept = insert(now.toEpochMilli(), RunStatus.COMPLETED);
        execute(
                database,
                "UPDATE run_meta SET stored = id = '" + kept + "', ended_at = clock_timestamp() - interval '11 min'");
        execute(
                database,
                "UPDATE run_meta SET ended_at = clock_timestamp() - interval '9 min' WHERE id = '" + late + "'");
        keeper.keep();
        assertThat(query(database, "SELECT id FROM runs"))
                .containsExactlyInAnyOrder(late.toString(), kept.toString())
                .doesNotContain(early.toString());
        assertThat(one(database, "SELECT count(*) FROM run_events")).isEqualTo("2");
        assertThat(query(database, "SELECT id FROM run_meta")).doesNotContain(early.toString());
    }

    @Test
    void unstoredRunIsKeptUntilTenMinutesAfterItsEnd() throws Exception {
        keeper.start();
        try (TestPod pod = TestPod.start(database)) {
            UUID live = begin(pod);
            UUID ended = end(pod, begin(pod));
            UUID kept = end(pod, begin(pod));
            execute(database, "UPDATE run_meta SET stored = id = '" + kept + "'");
            keeper.keep();
            assertThat(query(database, "SELECT id FROM runs"))
                    .containsExactlyInAnyOrder(live.toString(), ended.toString(), kept.toString());
            // Ten minutes later; what has not ended has nothing to move.
            execute(database, "UPDATE run_meta SET ended_at = ended_at - interval '601 s'");
            keeper.keep();
            assertThat(query(database, "SELECT id FROM runs"))
                    .containsExactlyInAnyOrder(live.toString(), kept.toString());
            assertThat(query(database, "SELECT id FROM run_meta"))
                    .containsExactlyInAnyOrder(live.toString(), kept.toString());
            assertThat(query(database, "SELECT DISTINCT run_id FROM run_events"))
                    .containsExactlyInAnyOrder(live.toString(), kept.toString());
        }
    }

    private static UUID begin(TestPod pod) throws Exception {
        NewRun run = newRun(TestRuns.newId(), RunStatus.RUNNING);
        pod.begin(run);
        return run.id();
    }

    private static UUID end(TestPod pod, UUID run) throws Exception {
        Row last = new Row(1, EventType.COMPLETED, "{}");
        await(pod.log().append(new Batch(run, 1, 1, List.of(last), RunStatus.COMPLETED)));
        return run;
    }

    @Test
    void deadPodsAreForgottenWhenTheyOwnNothing() throws Exception {
        keeper.start();
        UUID run = insert(now.toEpochMilli(), RunStatus.RUNNING);
        execute(database, "UPDATE runs SET owner = 2 WHERE id = '" + run + "'");
        execute(database, """
                INSERT INTO pods (incarnation, lease_until, dead, version)
                SELECT n, clock_timestamp() - interval '1 h', n < 3, 0 FROM generate_series(1, 3) n""");
        keeper.keep();
        assertThat(query(database, "SELECT incarnation FROM pods ORDER BY 1")).containsExactly("2", "3");
    }

    private DayPartition longAgo() {
        return DayPartition.of(now.minus(Duration.ofDays(5)));
    }

    private static String tables(DayPartition day) {
        return "SELECT relname FROM pg_class WHERE relname = '" + day.table() + "'";
    }

    /** Inserts an old run, with the partition of its day. */
    private UUID insertOld(RunStatus status) throws SQLException {
        partition(longAgo());
        return insert(longAgo().end().toEpochMilli() - 1, status);
    }

    private void partition(DayPartition day) throws SQLException {
        try (Connection connection = database.getConnection()) {
            Partitions.make(connection, day.end().minusMillis(1));
        }
    }

    private UUID insert(long birth, RunStatus status) throws SQLException {
        UUID run = RunId.at(birth);
        try (Connection connection = database.getConnection()) {
            RunStatements.insert(connection, newRun(run, status), 0, 1L);
        }
        return run;
    }
}
