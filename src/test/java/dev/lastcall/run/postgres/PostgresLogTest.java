package dev.lastcall.run.postgres;

import static dev.lastcall.run.TestRuns.await;
import static dev.lastcall.run.TestRuns.execute;
import static dev.lastcall.run.TestRuns.newId;
import static dev.lastcall.run.TestRuns.newRun;
import static dev.lastcall.run.TestRuns.one;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.Head;
import dev.lastcall.run.log.InsertResult;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PostgresLogTest {
    private static final DataSource DATABASE = TestRuns.database();
    private static final TestPod POD = TestPod.start(DATABASE);

    private final PostgresLog log = POD.log();

    @AfterAll
    static void stop() {
        POD.close();
    }

    @Test
    void insertedRunIsOursWithItsFirstEvent() throws Exception {
        UUID run = owned();
        assertThat(await(log.read(run, -1, 10)))
                .contains(new Page(1, RunStatus.RUNNING, List.of(new Row(0, EventType.CREATED, "{}"))));
        assertThat(one(DATABASE, "SELECT epoch || ' ' || owner FROM runs WHERE id = '" + run + "'"))
                .isEqualTo("1 " + POD.ownership().incarnation());
    }

    @Test
    void insertAgainIsTheSameRun() throws Exception {
        NewRun run = newRun(newId(), RunStatus.RUNNING);
        assertThat(await(log.insert(run))).isEqualTo(new InsertResult.Made());
        assertThat(await(log.insert(run))).isEqualTo(new InsertResult.Made());
        assertThat(one(DATABASE, "SELECT count(*) FROM run_events WHERE run_id = '" + run.id() + "'"))
                .isEqualTo("1");
    }

    @Test
    void idempotencyKeyMeansOneRunForItsTenant() throws Exception {
        UUID first = newId();
        String key = first.toString();
        await(log.insert(newRun(first, RunStatus.QUEUED, key)));
        UUID second = newId();
        assertThat(await(log.insert(newRun(second, RunStatus.QUEUED, key))))
                .isEqualTo(new InsertResult.Existing(first, true));
        assertThat(await(log.meta(second))).isEmpty();
    }

    @Test
    void concurrentInsertsWithOneKeyMakeOneRun() throws Exception {
        String key = newId().toString();
        try (TestPod other = TestPod.start(DATABASE)) {
            List<CompletionStage<InsertResult>> inserts = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                PostgresLog one = i % 2 == 0 ? log : other.log();
                inserts.add(one.insert(newRun(newId(), RunStatus.RUNNING, key)));
            }
            int made = 0;
            for (CompletionStage<InsertResult> each : inserts) {
                made += await(each) instanceof InsertResult.Made ? 1 : 0;
            }
            assertThat(made).isEqualTo(1);
        }
    }

    @Test
    void readsAskedTogetherAreAnsweredEachForItself() throws Exception {
        List<UUID> runs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            UUID run = owned();
            await(log.append(TestRuns.batch(run, 1, 1, i)));
            runs.add(run);
        }
        List<CompletionStage<Optional<Page>>> pages = new ArrayList<>();
        runs.forEach(run -> pages.add(log.read(run, 3, 5)));
        pages.add(log.read(newId(), -1, 5));
        for (int i = 0; i < 30; i++) {
            Page page = await(pages.get(i)).orElseThrow();
            assertThat(page.nextSeq()).isEqualTo(i + 1);
            int expected = Math.max(0, Math.min(5, i - 3));
            assertThat(page.rows()).isEqualTo(TestRuns.tokens(4, expected));
        }
        assertThat(await(pages.get(30))).isEmpty();
    }

    @Test
    void headsOfUnknownRunsAreMissing() throws Exception {
        UUID run = owned();
        UUID unknown = newId();
        assertThat(await(log.heads(List.of(run, unknown)))).isEqualTo(Map.of(run, new Head(1, RunStatus.RUNNING)));
        assertThat(await(log.heads(List.of()))).isEmpty();
    }

    @Test
    void changesAreTheRunsThatStandElsewhereThanIsKnown() throws Exception {
        UUID silent = owned();
        UUID unheard = owned();
        UUID unknown = newId();
        assertThat(await(log.changes(Map.of(silent, 1, unheard, 0, unknown, 1))))
                .containsOnly(
                        Map.entry(unheard, Optional.of(new Head(1, RunStatus.RUNNING))),
                        Map.entry(unknown, Optional.empty()));
    }

    @Test
    void onlyEndedRunsAreDeletedAndThenWithAllTheirRows() throws Exception {
        UUID run = owned();
        assertThat(await(log.delete(run))).isFalse();
        end(run);
        assertThat(await(log.delete(run))).isTrue();
        assertThat(await(log.read(run, -1, 5))).isEmpty();
        assertThat(await(log.meta(run))).isEmpty();
        assertThat(one(DATABASE, "SELECT count(*) FROM run_events WHERE run_id = '" + run + "'"))
                .isEqualTo("0");
        assertThat(await(log.delete(run))).isFalse();
    }

    @Test
    void sixteenHandOffsAreKeptAndEachOnce() throws Exception {
        UUID run = owned();
        for (int i = 0; i < 20; i++) {
            await(log.noteHandoff(run, i + ":2:exact"));
            await(log.noteHandoff(run, i + ":2:exact"));
        }
        List<String> kept = await(log.meta(run)).orElseThrow().handoffs();
        assertThat(kept).hasSize(16).startsWith("4:2:exact").endsWith("19:2:exact");
    }

    @Test
    void eachRetryFindsARunOfItsOwn() throws Exception {
        String hash = newId().toString();
        UUID first = withHash(hash);
        UUID second = withHash(hash);
        assertThat(await(log.retried("tenant", hash, 1))).contains(first);
        assertThat(await(log.retried("tenant", hash, 1))).contains(second);
        assertThat(await(log.retried("tenant", hash, 1))).isEmpty();
        assertThat(await(log.retried("tenant", hash, 2))).contains(first);
        assertThat(await(log.retried("other", hash, 3))).isEmpty();
    }

    @Test
    void newestOfAHashSupersedesThoseThatHaveNotEnded() throws Exception {
        String hash = newId().toString();
        UUID ended = withHash(hash);
        end(ended);
        List<UUID> runs = new ArrayList<>(List.of(withHash(hash), withHash(hash), withHash(hash)));
        runs.sort(Comparator.comparing(UUID::toString));
        UUID newest = runs.remove(2);

        assertThat(await(log.underWay("tenant", hash))).contains(newest);
        assertThat(await(log.superseded("tenant", hash))).containsExactlyInAnyOrderElementsOf(runs);
        assertThat(await(log.superseded("other", hash))).isEmpty();
    }

    @Test
    void answeredRunIsFoundByNoRetry() throws Exception {
        String hash = newId().toString();
        UUID run = withHash(hash);
        await(log.answered(run));
        assertThat(await(log.retried("tenant", hash, 1))).isEmpty();
    }

    @Test
    void runThatEndedAMinuteAgoIsFoundByNoRetry() throws Exception {
        String hash = newId().toString();
        UUID run = withHash(hash);
        end(run);
        execute(
                DATABASE,
                "UPDATE run_meta SET ended_at = clock_timestamp() - interval '61 s' WHERE id = '" + run + "'");
        assertThat(await(log.retried("tenant", hash, 1))).isEmpty();
        execute(
                DATABASE,
                "UPDATE run_meta SET ended_at = clock_timestamp() - interval '50 s' WHERE id = '" + run + "'");
        assertThat(await(log.retried("tenant", hash, 1))).contains(run);
    }

    @Test
    void runOfARetryIsFoundByLaterRetriesOnly() throws Exception {
        String hash = newId().toString();
        NewRun run = hashed(hash);
        await(log.insert(run, 1));
        assertThat(await(log.retried("tenant", hash, 1))).isEmpty();
        assertThat(await(log.retried("tenant", hash, 2))).contains(run.id());
    }

    @Test
    void clientsOfARunAreCounted() throws Exception {
        UUID run = owned();
        assertThat(await(log.newestClient(run))).isZero();
        assertThat(await(log.joined(run))).isOne();
        assertThat(await(log.joined(run))).isEqualTo(2);
        assertThat(await(log.newestClient(run))).isEqualTo(2);
        assertThat(await(log.newestClient(newId()))).isEqualTo(-1);
    }

    @Test
    void liveRunsOfATenantAreCounted() throws Exception {
        int before = await(log.live("tenant"));
        UUID run = owned();
        assertThat(await(log.live("tenant"))).isEqualTo(before + 1);
        end(run);
        assertThat(await(log.live("tenant"))).isEqualTo(before);
    }

    @Test
    void callAfterItsConnectionWasKilledIsAnswered() throws Exception {
        UUID run = owned();
        execute(DATABASE, """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()""");
        assertThat(await(log.read(run, -1, 5))).isPresent();
        assertThat(await(log.insert(newRun(newId(), RunStatus.QUEUED)))).isEqualTo(new InsertResult.Made());
        assertThat(await(log.append(TestRuns.batch(run, 1, 1, 1)))).isEqualTo(new AppendResult.Committed());
    }

    private UUID withHash(String hash) throws Exception {
        NewRun run = hashed(hash);
        await(log.insert(run));
        return run.id();
    }

    private static NewRun hashed(String hash) {
        NewRun run = newRun(newId(), RunStatus.RUNNING);
        return new NewRun(
                run.id(),
                run.tenant(),
                run.wire(),
                run.request(),
                null,
                hash,
                true,
                run.createdAt(),
                run.deadline(),
                run.status(),
                run.rows());
    }

    private UUID owned() throws Exception {
        UUID run = newId();
        assertThat(await(log.insert(newRun(run, RunStatus.RUNNING)))).isEqualTo(new InsertResult.Made());
        return run;
    }

    private void end(UUID run) throws Exception {
        int next = await(log.read(run, -1, 1)).orElseThrow().nextSeq();
        Row last = new Row(next, EventType.COMPLETED, "{}");
        assertThat(await(log.append(new Batch(run, 1, next, List.of(last), RunStatus.COMPLETED))))
                .isEqualTo(new AppendResult.Committed());
    }
}
