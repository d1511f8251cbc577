package dev.lastcall.run.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.FakeTime;
import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Checkpoint;
import dev.lastcall.run.postgres.TestPod;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** A client that comes back at the end of a long run. */
class ResumeTest {
    private static final Logger LOG = Logger.getLogger(ResumeTest.class);
    private static final int TOKENS = 100_000;
    private static final String ITEM = "{\"item\":{\"id\":\"msg\"},\"output_index\":3}";
    private static final String PART = "{\"content_index\":2}";

    @Test
    void longLogIsNotReadFromItsFirstRow() throws Exception {
        DataSource database = TestRuns.database();
        UUID run = TestRuns.newId();
        try (TestPod pod = TestPod.start(database)) {
            pod.begin(TestRuns.newRun(run, RunStatus.RUNNING));
            TestRuns.execute(database, """
                    INSERT INTO run_events VALUES ('%1$s', 1, 10, '%2$s'), ('%1$s', 2, 12, '%3$s');
                    INSERT INTO run_events SELECT '%1$s', n + 2, 14, '"x"' FROM generate_series(1, %4$d) n;
                    INSERT INTO run_events VALUES ('%1$s', %4$d + 3, 3, '{}');
                    UPDATE runs SET next_seq = %4$d + 4, status = 3, owner = NULL WHERE id = '%1$s';
                    ANALYZE run_events""".formatted(run, ITEM, PART, TOKENS));
            int last = TOKENS + 2;
            assertThat(TestRuns.await(pod.log().checkpoint(run, last - 1)))
                    .contains(new Checkpoint(last - 1, TOKENS - 1, ITEM, PART));
            assertThat(TestRuns.await(pod.log().checkpoint(run, Integer.MAX_VALUE)))
                    .map(Checkpoint::seq)
                    .contains(last + 1);

            long begun = System.nanoTime();
            RecordedEvents<LoggedEvent> heard = new RecordedEvents<>(Long.MAX_VALUE);
            Tails tails = new Tails(pod.log(), new FakeTime());
            tails.follow(run, last - 1, heard);
            await().pollInterval(Duration.ofMillis(2))
                    .untilAsserted(() -> assertThat(heard.completions).isOne());
            LOG.infof(
                    "resumed tokens=%d took=%dms",
                    TOKENS, Duration.ofNanos(System.nanoTime() - begun).toMillis());

            assertThat(heard.events).hasSize(2);
            LoggedEvent token = heard.events.get(0);
            assertThat(token.tokens()).isEqualTo(TOKENS - 1);
            assertThat(token.json()).contains("\"item_id\":\"msg\"").contains("\"output_index\":3,\"content_index\":2");
            // One page: what comes before is counted by PostgreSQL; the last row that the client has is read again, for
            // it may be the end.
            assertThat(tails.takenFrom(TailSource.LOG)).isEqualTo(3);

            RecordedEvents<LoggedEvent> whole = new RecordedEvents<>(Long.MAX_VALUE);
            tails.follow(run, last + 1, whole);
            await().untilAsserted(() -> assertThat(whole.completions).isOne());
            assertThat(whole.events).isEmpty();
        }
    }
}
