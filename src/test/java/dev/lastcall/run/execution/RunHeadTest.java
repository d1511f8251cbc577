package dev.lastcall.run.execution;

import static dev.lastcall.run.TestRuns.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.run.Runs;
import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.MemoryLog;
import dev.lastcall.run.log.NewResponse;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.SlowLog;
import dev.lastcall.run.ownership.LocalOwnership;
import dev.lastcall.run.tail.Tails;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunHeadTest {
    private static final int ROWS = 50_000;

    private final FakeTime time = new FakeTime();
    private final SlowLog log = new SlowLog(new MemoryLog(Clock.systemUTC(), Duration.ofMinutes(1)));
    private final RunLimits limits = new RunLimits(Duration.ofMinutes(10), 1000, 5);
    private final Tails tails = new Tails(log, time);
    private final Runs runs = new Runs(
            log,
            new LocalOwnership(1000),
            new Executions(
                    new ExecutionContext(log, new ManualModel(), time, (id, rows) -> {}, limits),
                    new InFlight(time),
                    new RunCounts(tails)),
            tails,
            limits);

    @Test
    void headOfALongRunTakesOneReadAndItsOwnTenantAlone() throws Exception {
        UUID run = TestRuns.newId();
        await(log.insert(newRun(run)));
        await(log.append(new Batch(
                run,
                1,
                1,
                IntStream.rangeClosed(1, ROWS)
                        .mapToObj(seq -> new Row(seq, EventType.OUTPUT_TEXT_DELTA, "\"x\""))
                        .toList(),
                null)));
        log.reads = 0;

        assertThat(await(runs.head("tenant", run))).hasValueSatisfying(head -> {
            assertThat(head.last()).isEqualTo(ROWS);
            assertThat(head.status()).isEqualTo(RunStatus.RUNNING);
            assertThat(head.stored()).isTrue();
            assertThat(head.response().getString("model")).isEqualTo("a-model");
        });
        assertThat(log.reads).isOne();
        assertThat(await(runs.head("another", run))).isEmpty();
        assertThat(await(runs.head("tenant", TestRuns.newId()))).isEmpty();
    }

    private static NewRun newRun(UUID id) {
        Instant birth = Instant.now();
        JsonObject response = NewResponse.of(id, birth, "in_progress", new JsonObject().put("model", "a-model"));
        return new NewRun(
                id,
                "tenant",
                "responses",
                "{}",
                null,
                "hash",
                true,
                birth,
                birth.plusSeconds(3600),
                RunStatus.RUNNING,
                ResponseEventWriter.created(response));
    }
}
