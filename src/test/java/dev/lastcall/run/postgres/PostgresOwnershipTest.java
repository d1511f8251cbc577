package dev.lastcall.run.postgres;

import static dev.lastcall.run.TestRuns.await;
import static dev.lastcall.run.TestRuns.execute;
import static dev.lastcall.run.TestRuns.newId;
import static dev.lastcall.run.TestRuns.newRun;
import static dev.lastcall.run.TestRuns.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Time;
import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.NewRun;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresOwnershipTest {
    /** The shortest there is. */
    private static final RunSettings SHORT = TestRuns.leaseOf(Duration.ofSeconds(3));

    /** Settings with a lease that does not expire within a test. */
    private static final RunSettings LONG = TestRuns.leaseOf(Duration.ofMinutes(10));

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final DataSource database = TestRuns.database();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void handedOffRunIsClaimedByAnotherPodWithoutAnAttempt() throws Exception {
        TestPod first = pod(LONG);
        UUID run = owned(first);
        first.ownership().pause();
        await(first.log().append(new Batch(run, 1, 1, List.of(), RunStatus.HANDOFF)));
        TestPod second = pod(LONG);
        Claimed claimed = second.awaitClaim(run);
        assertThat(claimed.epoch()).isEqualTo(2);
        assertThat(claimed.nextSeq()).isEqualTo(1);
        assertThat(claimed.handoffs()).isEqualTo(1);
        assertThat(claimed.attempts()).isZero();
        assertThat(await(first.log().append(TestRuns.batch(run, 1, 1, 1)))).isEqualTo(new AppendResult.Fenced());
        assertThat(await(second.log().append(TestRuns.batch(run, 2, 1, 1)))).isEqualTo(new AppendResult.Committed());
    }

    @Test
    void pausedPodClaimsNothingUntilItResumes() throws Exception {
        TestPod paused = pod(LONG);
        paused.ownership().pause();
        assertThat(paused.ownership().mayOwn()).isFalse();
        UUID run = queued();
        TestPod other = pod(LONG);
        other.awaitClaim(run);
        assertThat(paused.claims).isEmpty();
        // Paused is known to all.
        await().untilAsserted(() -> assertThat(other.ownership().othersServe()).isFalse());
        await().untilAsserted(() -> assertThat(paused.ownership().othersServe()).isTrue());
        other.ownership().pause();
        UUID next = queued();
        paused.ownership().resume();
        paused.awaitClaim(next);
    }

    @Test
    void claimNeverWaitsForALockedRun() throws Exception {
        UUID held = queued();
        UUID free = queued();
        try (Connection holder = database.getConnection()) {
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("SELECT FROM runs WHERE id = '" + held + "' FOR UPDATE");
            }
            TestPod pod = pod(LONG);
            pod.awaitClaim(free);
            assertThat(pod.claims).doesNotContainKey(held);
            holder.rollback();
            pod.awaitClaim(held);
        }
    }

    @Test
    void podOwnsNoMoreThanItMay() throws Exception {
        for (int i = 0; i < 10; i++) {
            queued();
        }
        TestPod small = pod(new RunSettings(
                Duration.ofHours(24), Duration.ofHours(1), 3, Duration.ofSeconds(10), 1, Duration.ofMillis(5), 0));
        await().untilAsserted(() -> assertThat(small.claims).hasSize(3));
        assertThat(small.ownership().mayOwn()).isFalse();
        UUID ended = small.claims.keySet().iterator().next();
        await(small.log().append(new Batch(ended, 2, 1, List.of(), RunStatus.COMPLETED)));
        small.claims.remove(ended);
        await().untilAsserted(() -> assertThat(small.claims).hasSize(3));
        assertThat(one(database, "SELECT count(*) FROM runs WHERE status = 1")).isEqualTo("3");
    }

    @Test
    void runOfANewerFormatIsLeftAlone() throws Exception {
        UUID newer = queued();
        execute(database, "UPDATE runs SET format = " + (RunSettings.FORMAT + 1));
        UUID known = queued();
        TestPod pod = pod(LONG);
        pod.awaitClaim(known);
        assertThat(pod.claims).doesNotContainKey(newer);
    }

    @Test
    void olderVersionLeavesFreeRunsToNewerPodsForAWhile() throws Exception {
        execute(
                database,
                "INSERT INTO pods (incarnation, lease_until, version) VALUES (1, clock_timestamp() + interval '1 h', 9)");
        TestPod old = pod(LONG);
        await().untilAsserted(() -> assertThat(old.ownership().othersServe()).isTrue());
        long start = System.nanoTime();
        UUID run = queued();
        await().pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(old.claims).containsKey(run));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
    }

    @Test
    void suspendedPodIsFencedAndComesBackAsANewIncarnation() throws Exception {
        FakeTime stopped = new FakeTime();
        TestPod pod = pod(SHORT, stopped);
        UUID run = owned(pod);
        pod.claims.put(run, new Claimed(run, 1, 1, false, 0, 0, Instant.MAX));
        long before = pod.ownership().incarnation();
        TestPod healthy = pod(SHORT);
        // It beats no more, since its clock stands still.
        Claimed claimed = healthy.awaitClaim(run);
        assertThat(claimed.attempts()).isEqualTo(1);
        assertThat(claimed.handoffs()).isZero();
        assertThat(await(pod.log().append(TestRuns.batch(run, 1, 1, 1)))).isEqualTo(new AppendResult.Fenced());
        assertThat(await(healthy.log().append(TestRuns.batch(run, claimed.epoch(), 1, 1))))
                .isEqualTo(new AppendResult.Committed());
        stopped.advance(Duration.ofMinutes(1));
        assertThat(pod.ownership().mayOwn()).isFalse();
        await().untilAsserted(() -> assertThat(pod.heard()).contains("lost"));
        await().untilAsserted(() ->
                assertThat(pod.ownership().incarnation()).isNotZero().isNotEqualTo(before));
        assertThat(TestRuns.logsAreWhole(database)).isTrue();
    }

    @Test
    void deathIsWrittenOnlyAfterAWholeLeaseOfOwnRenewals() {
        execute(
                database,
                "INSERT INTO pods (incarnation, lease_until, version) VALUES (1, clock_timestamp() - interval '1 h', 0)");
        long start = System.nanoTime();
        pod(SHORT);
        await().pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(one(database, "SELECT dead FROM pods WHERE incarnation = 1"))
                        .isEqualTo("t"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(SHORT.lease());
    }

    @Test
    void podThatLosesItsDatabaseSuspendsInTimeAndResumesWhereItIsNotDead() throws Exception {
        FakeTime time = new FakeTime();
        Outage outage = new Outage(database);
        TestPod pod = TestPod.start(outage, LONG, time);
        open.push(pod);
        outage.begin();
        time.advance(LONG.lease().minusSeconds(1).minusNanos(1));
        assertThat(pod.heard()).doesNotContain("suspended");
        time.advance(Duration.ofNanos(1));
        assertThat(pod.heard()).containsExactly("suspended");
        assertThat(pod.ownership().mayOwn()).isFalse();
        outage.end();
        await().untilAsserted(() -> {
            time.advance(Duration.ofSeconds(1));
            assertThat(pod.heard()).containsExactly("suspended", "resumed");
        });
        assertThat(pod.ownership().mayOwn()).isTrue();
    }

    @Test
    void cleanExitGivesItsRunsAwayAtOnce() throws Exception {
        TestPod leaving = TestPod.start(database, LONG, new SystemTime("test"));
        UUID run = owned(leaving);
        TestPod staying = pod(LONG);
        leaving.close();
        staying.awaitClaim(run);
    }

    @Test
    void claimWhoseAnswerWasLostIsAdopted() throws Exception {
        TestPod pod = pod(LONG);
        UUID heardOf = queued();
        pod.awaitClaim(heardOf);
        UUID run = queued(pod.ownership().incarnation());
        kill();
        assertThat(pod.awaitClaim(run).epoch()).isEqualTo(3);
    }

    @Test
    void insertWithoutAWaitingClientCanBeSeized() throws Exception {
        TestPod pod = pod(LONG);
        NewRun late = newRun(newId(), RunStatus.RUNNING, "key");
        await(pod.log().insert(late));
        pod.ownership().orphaned(late);
        assertThat(pod.awaitClaim(late.id()).cancelRequested()).isTrue();
        assertThat(one(database, "SELECT idem_key IS NULL FROM run_meta WHERE id = '" + late.id() + "'"))
                .isEqualTo("t");
    }

    @Test
    void insertThatMayComeLateIsForestalled() throws Exception {
        TestPod pod = pod(LONG);
        NewRun late = newRun(newId(), RunStatus.RUNNING, "key");
        try (Connection stalled = database.getConnection()) {
            stalled.setAutoCommit(false);
            RunStatements.insert(stalled, late, 0, pod.ownership().incarnation());
            pod.ownership().orphaned(late);
            // As long as its outcome is open it is sought, and not taken for missing.
            await().pollDelay(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(pod.claims).doesNotContainKey(late.id()));
            stalled.commit();
        }
        assertThat(pod.awaitClaim(late.id()).cancelRequested()).isTrue();
        NewRun never = newRun(newId(), RunStatus.RUNNING, "other");
        pod.ownership().orphaned(never);
        pod.awaitClaim(never.id());
        try (Connection connection = database.getConnection()) {
            RunStatements.insert(connection, never, 0, pod.ownership().incarnation());
        }
        assertThat(one(database, "SELECT epoch FROM runs WHERE id = '" + never.id() + "'"))
                .isEqualTo("2");
    }

    @Test
    void ownRunThatNobodyExecutesIsAdopted() throws Exception {
        TestPod pod = pod(LONG);
        UUID run = newId();
        await(pod.log().insert(newRun(run, RunStatus.RUNNING)));
        Claimed adopted = pod.awaitClaim(run);
        assertThat(adopted.epoch()).isEqualTo(2);
        assertThat(adopted.attempts()).isEqualTo(1);
    }

    @Test
    void overdueRunIsTakenAlsoFromItself() throws Exception {
        TestPod pod = pod(LONG);
        UUID run = owned(pod);
        execute(database, "UPDATE runs SET deadline = clock_timestamp() - interval '6 s'");
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(pod.claims.get(run))
                .isNotNull()
                .extracting(Claimed::epoch)
                .isEqualTo(2));
    }

    @Test
    void seizedRunIsTakenFromItsOwnerWhoLearnsOfIt() throws Exception {
        TestPod owner = pod(LONG);
        UUID run = owned(owner);
        owner.claims.put(run, new Claimed(run, 1, 1, false, 0, 0, Instant.MAX));
        TestPod other = pod(LONG);
        Claimed seized = await(other.log().seize(run)).orElseThrow();
        assertThat(seized.cancelRequested()).isTrue();
        assertThat(seized.epoch()).isEqualTo(2);
        assertThat(await(owner.log().append(TestRuns.batch(run, 1, 1, 1)))).isEqualTo(new AppendResult.Fenced());
        await().untilAsserted(() -> assertThat(owner.heard()).contains("fenced " + run));
        await(other.log().append(new Batch(run, 2, 1, List.of(), RunStatus.CANCELLED)));
        assertThat(await(owner.log().seize(run))).isEmpty();
        assertThat(await(owner.log().seize(newId()))).isEmpty();
    }

    @Test
    void seizedRunOfACancellerThatDiesIsStillToBeCancelled() throws Exception {
        TestPod canceller = TestPod.start(database, LONG, new SystemTime("test"));
        UUID run = owned(canceller);
        await(canceller.log().seize(run));
        canceller.close();
        TestPod next = pod(LONG);
        assertThat(next.awaitClaim(run).cancelRequested()).isTrue();
    }

    @Test
    void overdueRunIsTakenFromAnOwnerWhoDoesNotCloseIt() throws Exception {
        TestPod owner = pod(LONG);
        UUID run = owned(owner);
        execute(database, "UPDATE runs SET deadline = clock_timestamp() - interval '6 s'");
        TestPod other = pod(LONG);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(other.claims).containsKey(run));
    }

    @Test
    void claimThatGotAllItMayIsFollowedByTheNextWithoutAPause() throws Exception {
        AtomicReference<TestPod> claiming = new AtomicReference<>();
        Time real = new SystemTime("test");
        Time impatient = new Time() {
            @Override
            public long nanoTime() {
                return real.nanoTime();
            }

            @Override
            public Instant instant() {
                return real.instant();
            }

            @Override
            public Alarm schedule(Duration delay, Runnable action) {
                TestPod pod = claiming.get();
                boolean pauses = pod != null && pod.claims.size() >= 8 && delay.toMillis() >= 200;
                return pauses ? () -> {} : real.schedule(delay, action);
            }
        };
        TestPod pod = pod(LONG, impatient);
        claiming.set(pod);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 20; i++) {
                RunStatements.insert(connection, newRun(newId(), RunStatus.QUEUED), 0, null);
            }
            connection.commit();
        }
        await().untilAsserted(() -> assertThat(pod.claims).hasSize(20));
    }

    private TestPod pod(RunSettings settings) {
        return pod(settings, new SystemTime("test"));
    }

    private TestPod pod(RunSettings settings, Time time) {
        TestPod pod = TestPod.start(database, settings, time);
        open.push(pod);
        return pod;
    }

    private static UUID owned(TestPod pod) throws Exception {
        UUID run = newId();
        pod.begin(newRun(run, RunStatus.RUNNING));
        return run;
    }

    private UUID queued() throws Exception {
        UUID run = newId();
        try (Connection connection = database.getConnection()) {
            RunStatements.insert(connection, newRun(run, RunStatus.QUEUED), 0, null);
        }
        return run;
    }

    /** Claimed already, as far as PostgreSQL is concerned. */
    private UUID queued(long owner) throws Exception {
        UUID run = newId();
        try (Connection connection = database.getConnection()) {
            RunStatements.insert(connection, newRun(run, RunStatus.RUNNING), 0, owner);
        }
        execute(database, "UPDATE runs SET epoch = 2 WHERE id = '" + run + "'");
        return run;
    }

    private void kill() {
        execute(database, """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()""");
    }
}
