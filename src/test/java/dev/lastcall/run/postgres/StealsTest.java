package dev.lastcall.run.postgres;

import static dev.lastcall.run.TestRuns.await;
import static dev.lastcall.run.TestRuns.execute;
import static dev.lastcall.run.TestRuns.newId;
import static dev.lastcall.run.TestRuns.newRun;
import static dev.lastcall.run.TestRuns.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.SystemTime;
import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.Claimed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pods that take runs from each other while they append and lose answers: what each was told is in the log, once, and the log is whole. */
class StealsTest {
    private static final int PODS = 3;
    private static final int RUNS = 30;
    private static final int STEALS = 400;
    private static final int KILL_EVERY = 20;

    private final DataSource database = TestRuns.database();
    private final List<TestPod> pods = new ArrayList<>();

    /** The events that a pod showed its clients, by run and seq. */
    private final Map<String, String> shown = new ConcurrentHashMap<>();

    private final Queue<String> defects = new ConcurrentLinkedQueue<>();
    private final AtomicInteger fenced = new AtomicInteger();
    private final AtomicInteger driven = new AtomicInteger();
    private volatile boolean over;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void nothingIsLostOrShownTwice() throws Exception {
        for (int i = 0; i < PODS; i++) {
            TestPod pod = TestPod.start(database, TestRuns.settings(), new SystemTime("test"));
            pod.ownership().pause();
            pods.add(pod);
        }
        List<UUID> runs = begin();
        steal(runs);
        over = true;
        Awaitility.await().untilAsserted(() -> assertThat(driven).hasValue(0));
        assertThat(defects).isEmpty();
        assertThat(fenced.get()).isPositive();
        assertThat(TestRuns.logsAreWhole(database)).isTrue();
        List<String> logged = query(database, "SELECT run_id || ' ' || seq || ' ' || data FROM run_events");
        assertThat(logged)
                .containsAll(shown.entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue())
                        .toList());
        pods.forEach(TestPod::close);
    }

    private List<UUID> begin() throws Exception {
        List<UUID> runs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            UUID run = newId();
            TestPod pod = pods.get(i % PODS);
            pod.begin(newRun(run, RunStatus.RUNNING));
            runs.add(run);
            drive(pod, run, 1, 1);
        }
        return runs;
    }

    private void steal(List<UUID> runs) throws Exception {
        Random random = new Random(20261124);
        for (int i = 0; i < STEALS; i++) {
            if (i % KILL_EVERY == 0) {
                execute(database, """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND query LIKE 'WITH b AS MATERIALIZED%'""");
            }
            UUID run = runs.get(random.nextInt(RUNS));
            TestPod thief = pods.get(random.nextInt(PODS));
            Optional<Claimed> stolen = await(thief.log().seize(run));
            stolen.ifPresent(claim -> {
                thief.claims.put(run, claim);
                drive(thief, run, claim.epoch(), claim.nextSeq());
            });
        }
    }

    private void drive(TestPod pod, UUID run, int epoch, int next) {
        driven.incrementAndGet();
        append(pod, run, epoch, next);
    }

    private void append(TestPod pod, UUID run, int epoch, int next) {
        int count = 1 + ThreadLocalRandom.current().nextInt(4);
        String mark = "\"" + epoch + " " + pods.indexOf(pod) + "\"";
        List<Row> rows = IntStream.range(next, next + count)
                .mapToObj(seq -> new Row(seq, EventType.OUTPUT_TEXT_DELTA, mark))
                .toList();
        pod.log().append(new Batch(run, epoch, next, rows, null)).thenAccept(result -> {
            if (result instanceof AppendResult.Committed) {
                rows.forEach(row -> show(run, row));
            } else if (result instanceof AppendResult.Fenced) {
                fenced.incrementAndGet();
            } else {
                defects.add(run + " " + result);
            }
            if (result instanceof AppendResult.Committed && !over) {
                append(pod, run, epoch, next + count);
            } else {
                driven.decrementAndGet();
            }
        });
    }

    private void show(UUID run, Row row) {
        String earlier = shown.putIfAbsent(run + " " + row.seq(), row.data());
        if (earlier != null) {
            defects.add(run + " " + row.seq() + " was shown twice: " + earlier + " and " + row.data());
        }
    }
}
