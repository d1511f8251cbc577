package dev.lastcall.run.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunSnapshotTest {
    private final MemoryLog log = new MemoryLog(Clock.systemUTC(), Duration.ofMinutes(1));
    private final UUID run = TestRuns.newId();

    @Test
    void longLogIsNotAddedUpOnTheThreadThatAsks() throws Exception {
        insert();
        log.append(TestRuns.batch(run, 1, 1, 20_000));
        Thread asking = Thread.currentThread();
        Thread[] adding = new Thread[1];
        RunSnapshot opened = TestRuns.await(
                        RunSnapshot.read(log, run).whenComplete((found, failure) -> adding[0] = Thread.currentThread()))
                .orElseThrow();
        assertThat(opened.fold().tokens()).isEqualTo(20_000);
        assertThat(adding[0]).isNotSameAs(asking);
    }

    @Test
    void shortLogIsThereAtOnce() {
        insert();
        log.append(TestRuns.batch(run, 1, 1, 10));
        assertThat(RunSnapshot.read(log, run).toCompletableFuture()).isCompleted();
    }

    private void insert() {
        NewRun blank = TestRuns.newRun(run, RunStatus.RUNNING);
        Row created = new Row(0, EventType.CREATED, "{\"response\":{\"output\":[]}}");
        log.insert(new NewRun(
                run,
                blank.tenant(),
                blank.wire(),
                blank.request(),
                null,
                "",
                true,
                blank.createdAt(),
                blank.deadline(),
                blank.status(),
                List.of(created)));
    }
}
