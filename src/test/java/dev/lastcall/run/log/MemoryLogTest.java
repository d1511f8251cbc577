package dev.lastcall.run.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryLogTest {
    private final UUID id = RunId.at(1);
    private Instant now = Instant.EPOCH;
    private final RunLog log = new MemoryLog(new Moving(), Duration.ofMinutes(10));

    @Test
    void appendedRowsAreReadFromTheCursor() {
        make();
        assertThat(append(1, 1, 2, null)).isInstanceOf(AppendResult.Committed.class);

        Page page = of(log.read(id, 0, 10)).orElseThrow();
        assertThat(page.rows()).extracting(Row::seq).containsExactly(1, 2);
        assertThat(page.nextSeq()).isEqualTo(3);
        assertThat(of(log.read(id, 0, 1)).orElseThrow().rows()).hasSize(1);
    }

    @Test
    void wrongEpochWrongSequenceAndEndedRunsAreFenced() {
        make();
        assertThat(append(2, 1, 1, null)).isInstanceOf(AppendResult.Fenced.class);
        assertThat(append(1, 0, 1, null)).isInstanceOf(AppendResult.Fenced.class);
        assertThat(append(1, 2, 1, null)).isInstanceOf(AppendResult.Fenced.class);
        assertThat(append(1, 1, 1, RunStatus.COMPLETED)).isInstanceOf(AppendResult.Committed.class);
        assertThat(append(1, 2, 1, null)).isInstanceOf(AppendResult.Fenced.class);
    }

    @Test
    void fullLogForgetsTheOldestEndedRunsAndThenTakesNoMore() {
        MemoryLog small = new MemoryLog(new Moving(), Duration.ofMinutes(10), 10_000);
        List<UUID> ended = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            UUID run = RunId.at(i);
            assertThat(of(small.insert(sized(run)))).isInstanceOf(InsertResult.Made.class);
            Row last = new Row(1, EventType.COMPLETED, "{}");
            assertThat(of(small.append(new Batch(run, 1, 1, List.of(last), RunStatus.COMPLETED))))
                    .isInstanceOf(AppendResult.Committed.class);
            ended.add(run);
            assertThat(small.bytes()).isLessThanOrEqualTo(10_000);
        }
        assertThat(of(small.meta(ended.get(0)))).isEmpty();
        assertThat(of(small.meta(ended.get(39)))).isPresent();

        UUID live = RunId.at(100);
        of(small.insert(sized(live)));
        int next = 1;
        while (of(small.append(tokens(live, next))) instanceof AppendResult.Committed) {
            next += 10;
        }
        assertThat(small.bytes()).isBetween(10_000L, 11_250L);
        assertThat(small.insert(sized(RunId.at(101))).toCompletableFuture())
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(LogFull.class);
        Row last = new Row(next, EventType.FAILED, "{}");
        assertThat(of(small.append(new Batch(live, 1, next, List.of(last), RunStatus.FAILED))))
                .isInstanceOf(AppendResult.Committed.class);
        assertThat(of(small.insert(sized(RunId.at(102))))).isInstanceOf(InsertResult.Made.class);
    }

    @Test
    void seizedRunIsFencedForItsOwnerAndEndedOneIsNotSeized() {
        make();
        Claimed claimed = of(log.seize(id)).orElseThrow();
        assertThat(append(1, 1, 1, null)).isInstanceOf(AppendResult.Fenced.class);
        assertThat(append(claimed.epoch(), claimed.nextSeq(), 1, RunStatus.CANCELLED))
                .isInstanceOf(AppendResult.Committed.class);
        assertThat(of(log.seize(id))).isEmpty();
    }

    @Test
    void endedRunIsForgottenAfterItsTime() {
        make();
        append(1, 1, 1, RunStatus.COMPLETED);
        now = now.plus(Duration.ofMinutes(11));
        make(RunId.at(2), null, "");
        assertThat(of(log.read(id, -1, 10))).isEmpty();
    }

    @Test
    void sameKeyGivesTheRunThatIsThere() {
        make(id, "key", "hash");
        assertThat(make(RunId.at(2), "key", "hash")).isEqualTo(new InsertResult.Existing(id, true));
        assertThat(make(RunId.at(3), "key", "other")).isEqualTo(new InsertResult.Existing(id, false));
        assertThat(make(id, "key", "hash")).isEqualTo(new InsertResult.Made());
    }

    @Test
    void retryMeansAnUnansweredRunOfTheSameRequestOnce() {
        make(id, null, "hash");
        UUID other = RunId.at(2);
        make(other, null, "hash");
        assertThat(of(log.retried("t", "hash", 1))).isPresent();
        assertThat(of(log.retried("t", "hash", 1))).isPresent();
        assertThat(of(log.retried("t", "hash", 1))).isEmpty();
        assertThat(of(log.retried("other", "hash", 2))).isEmpty();
        of(log.answered(id));
        assertThat(of(log.retried("t", "hash", 2))).contains(other);
    }

    @Test
    void retryMeansNoRunThatEndedAMinuteAgo() {
        make(id, null, "hash");
        append(1, 1, 1, RunStatus.COMPLETED);
        now = now.plus(Duration.ofSeconds(61));
        assertThat(of(log.retried("t", "hash", 1))).isEmpty();
    }

    @Test
    void clientsAreCountedAndRunsOfATenantToo() {
        make();
        assertThat(of(log.newestClient(id))).isZero();
        assertThat(of(log.joined(id))).isOne();
        assertThat(of(log.newestClient(id))).isOne();
        assertThat(of(log.newestClient(RunId.at(9)))).isEqualTo(-1);
        assertThat(of(log.live("t"))).isOne();
        append(1, 1, 1, RunStatus.COMPLETED);
        assertThat(of(log.live("t"))).isZero();
    }

    private void make() {
        make(id, null, "");
    }

    private InsertResult make(UUID run, @Nullable String key, String hash) {
        Row first = new Row(0, EventType.CREATED, "{}");
        return of(log.insert(
                new NewRun(run, "t", "native", "{}", key, hash, true, now, now, RunStatus.RUNNING, List.of(first))));
    }

    private AppendResult append(int epoch, int expected, int count, @Nullable RunStatus next) {
        List<Row> rows = java.util.stream.IntStream.range(expected, expected + count)
                .mapToObj(seq -> new Row(seq, EventType.OUTPUT_TEXT_DELTA, "\"x\""))
                .toList();
        return of(log.append(new Batch(id, epoch, expected, rows, next)));
    }

    private static <T> T of(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private final class Moving extends Clock {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private static NewRun sized(UUID run) {
        List<Row> rows = List.of(new Row(0, EventType.CREATED, "{}"));
        return new NewRun(
                run, "t", "native", "{}", null, "", true, Instant.EPOCH, Instant.MAX, RunStatus.RUNNING, rows);
    }

    private static Batch tokens(UUID run, int next) {
        List<Row> rows = IntStream.range(next, next + 10)
                .mapToObj(seq -> new Row(seq, EventType.OUTPUT_TEXT_DELTA, "\"x\""))
                .toList();
        return new Batch(run, 1, next, rows, null);
    }
}
