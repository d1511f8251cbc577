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
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
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
}
