package dev.lastcall.run.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.FakeTime;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Gone;
import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.MemoryLog;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.RunLog;
import dev.lastcall.run.log.SlowLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TailTest {
    private static final String ITEM =
            "{\"item\":{\"id\":\"msg\",\"type\":\"message\",\"content\":[]},\"output_index\":0}";

    private final FakeTime time = new FakeTime();
    private final UUID run = RunId.at(1);
    private final SlowLog log = new SlowLog(new MemoryLog(Clock.systemUTC(), Duration.ofMinutes(1)));
    private final Tails tails = new Tails(log, time);
    private int next = 1;

    @BeforeEach
    void make() {
        Instant now = Instant.EPOCH;
        Row first = new Row(0, EventType.OUTPUT_ITEM_ADDED, ITEM);
        log.insert(new NewRun(run, "t", "native", "{}", null, "", true, now, now, RunStatus.RUNNING, List.of(first)));
    }

    @Test
    void replaysThenFollowsLiveToTheEnd() {
        append(3);
        RecordedEvents<LoggedEvent> heard = follow(-1, Long.MAX_VALUE);
        publish(append(2));
        publish(end());

        assertThat(seqs(heard)).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(heard.completions).isOne();
        assertThat(tails.follows(run)).isFalse();
    }

    @Test
    void deltaGetsItsItemAndNumberAlsoBehindTheCursor() {
        append(3);
        RecordedEvents<LoggedEvent> heard = follow(2, Long.MAX_VALUE);

        assertThat(seqs(heard)).containsExactly(3);
        assertThat(heard.last().tokens()).isEqualTo(2);
        assertThat(heard.last().json()).contains("\"item_id\":\"msg\"").contains("\"sequence_number\":3");
    }

    @Test
    void rowsCommittedWhileTheLogIsReadComeOnce() {
        append(2);
        log.slow = true;
        RecordedEvents<LoggedEvent> heard = follow(-1, Long.MAX_VALUE);
        log.slow = false;
        List<Row> meanwhile = append(2);
        publish(meanwhile);
        log.slow = true;
        log.answerAll();

        assertThat(seqs(heard)).containsExactly(0, 1, 2, 3, 4);
    }

    /** The read was answered before the commit, the news of the commit came before the read's answer. */
    @Test
    void newsDuringAReadThatDidNotSeeItIsReadAgain() {
        log.slow = true;
        RecordedEvents<LoggedEvent> heard = follow(-1, Long.MAX_VALUE);
        Runnable answered = log.answers.remove();
        answered.run();
        log.slow = false;
        RecordedEvents<LoggedEvent> other = follow(-1, 0);
        other.cancel();
        log.slow = true;
        tails.lookAgain(run);
        log.slow = false;
        publish(append(1));
        log.answerAll();

        assertThat(seqs(heard)).containsExactly(0, 1);
    }

    @Test
    void lostNewsIsFoundByThePollAndBehindAHoleByTheLog() {
        tails.poll();
        RecordedEvents<LoggedEvent> heard = follow(-1, Long.MAX_VALUE);
        append(1);
        time.advance(Tails.POLL);
        assertThat(seqs(heard)).containsExactly(0, 1);

        append(1);
        publish(append(1));
        assertThat(seqs(heard)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void slowReaderKeepsAtMostAQueueAndGetsEverything() {
        RecordedEvents<LoggedEvent> heard = follow(-1, 1);
        for (int i = 0; i < 2000; i++) {
            publish(append(1));
        }
        assertThat(seqs(heard)).containsExactly(0);
        int reads = log.reads;
        heard.request(ReadAhead.QUEUED);
        assertThat(heard.events).hasSize(1 + ReadAhead.QUEUED);
        heard.request(Long.MAX_VALUE);

        assertThat(seqs(heard)).isEqualTo(IntStream.rangeClosed(0, 2000).boxed().toList());
        assertThat(log.reads - reads).isGreaterThan(10);
    }

    @Test
    void logThatIsAwayIsReadAgain() {
        tails.poll();
        log.reachable = false;
        RecordedEvents<LoggedEvent> heard = follow(-1, Long.MAX_VALUE);
        time.advance(Tails.POLL);
        assertThat(heard.events).isEmpty();

        log.reachable = true;
        time.advance(Tails.POLL);
        assertThat(seqs(heard)).containsExactly(0);
    }

    @Test
    void readThatFailedIsRepeatedThoughTheLogHasNothingNew() {
        tails.poll();
        RecordedEvents<LoggedEvent> heard = follow(-1, Long.MAX_VALUE);
        append(1);
        List<Row> behindAHole = append(1);
        log.reachable = false;
        publish(behindAHole);
        assertThat(seqs(heard)).containsExactly(0);

        log.reachable = true;
        time.advance(Tails.POLL);
        assertThat(seqs(heard)).containsExactly(0, 1, 2);
    }

    @Test
    void pollKeepsItsPaceThoughTheLogTakesItsTime() {
        tails.poll();
        RecordedEvents<LoggedEvent> heard = follow(-1, Long.MAX_VALUE);
        log.slow = true;
        time.advance(Tails.POLL);
        time.advance(Duration.ofMillis(300));
        log.answerAll();
        append(1);

        time.advance(Duration.ofMillis(200));
        log.answerAll();
        assertThat(seqs(heard)).containsExactly(0, 1);
    }

    @Test
    void clientThatHasEverythingIsCompleted() {
        append(1);
        end();
        RecordedEvents<LoggedEvent> heard = follow(2, 0);

        assertThat(heard.events).isEmpty();
        assertThat(heard.completions).isOne();
    }

    @Test
    void runThatGoesIsAnErrorAndNotAnEnd() {
        tails.poll();
        end();
        RecordedEvents<LoggedEvent> heard = follow(-1, 1);
        log.delete(run);
        time.advance(Tails.POLL);

        assertThat(heard.completions).isZero();
        assertThat(heard.failure).isInstanceOf(Gone.class);
        assertThat(follow(-1, 1).failure).isInstanceOf(Gone.class);
    }

    @Test
    void exaggeratedNewsIsNoReasonToReadForEver() {
        RecordedEvents<LoggedEvent> heard = follow(-1, Long.MAX_VALUE);
        int reads = log.reads;
        tails.wake(run, TailSource.REDIS, List.of(new Row(1_000_000, EventType.OUTPUT_TEXT_DELTA, "\"x\"")));

        assertThat(log.reads - reads).isOne();
        publish(append(1));
        assertThat(seqs(heard)).containsExactly(0, 1);
    }

    /** Local news, doubled and dropped at random, the poll, reads and a follower that asks by and by, all at once. */
    @Test
    void eachEventComesOnceInOrderUnderRaces() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 40; round++) {
                race(threads, round);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void race(ExecutorService threads, int seed) throws Exception {
        UUID id = RunId.at(seed + 10);
        RunLog shared = new MemoryLog(Clock.systemUTC(), Duration.ofMinutes(1));
        Tails all = new Tails(shared, new FakeTime());
        Row first = new Row(0, EventType.OUTPUT_ITEM_ADDED, ITEM);
        Instant now = Instant.EPOCH;
        shared.insert(new NewRun(id, "t", "native", "{}", null, "", true, now, now, RunStatus.RUNNING, List.of(first)));
        RecordedEvents<LoggedEvent> heard = new RecordedEvents<>(1);
        all.follow(id, -1, heard);
        Future<?> writer = threads.submit(() -> {
            Random random = new Random(seed);
            for (int seq = 1; seq <= 500; seq++) {
                List<Row> rows = List.of(new Row(seq, EventType.OUTPUT_TEXT_DELTA, "\"x\""));
                shared.append(new Batch(id, 1, seq, rows, null));
                for (int i = random.nextInt(3); i > 0; i--) {
                    all.wake(id, TailSource.LOCAL, rows);
                }
            }
        });
        Future<?> poll = threads.submit(() -> {
            while (!writer.isDone()) {
                all.lookAgain(id);
            }
            all.lookAgain(id);
        });
        Future<?> reader = threads.submit(() -> {
            for (int i = 0; i < 600; i++) {
                heard.request(1);
            }
        });
        writer.get(60, TimeUnit.SECONDS);
        poll.get(60, TimeUnit.SECONDS);
        reader.get(60, TimeUnit.SECONDS);
        all.lookAgain(id);

        assertThat(heard.overlaps).hasValue(0);
        assertThat(seqs(heard)).isEqualTo(IntStream.rangeClosed(0, 500).boxed().toList());
    }

    private RecordedEvents<LoggedEvent> follow(int after, long requests) {
        RecordedEvents<LoggedEvent> heard = new RecordedEvents<>(requests);
        tails.follow(run, after, heard);
        return heard;
    }

    private List<Row> append(int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new Row(next + i, EventType.OUTPUT_TEXT_DELTA, "\"x\""));
        }
        log.append(new Batch(run, 1, next, rows, null));
        next += count;
        return rows;
    }

    private List<Row> end() {
        List<Row> rows = List.of(new Row(next, EventType.COMPLETED, "{}"));
        log.append(new Batch(run, 1, next, rows, RunStatus.COMPLETED));
        next++;
        return rows;
    }

    private void publish(List<Row> rows) {
        tails.committed(run, rows);
    }

    private static List<Integer> seqs(RecordedEvents<LoggedEvent> heard) {
        return heard.events.stream().map(LoggedEvent::seq).toList();
    }
}
