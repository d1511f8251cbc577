package dev.lastcall.run.postgres;

import static dev.lastcall.run.TestRuns.await;
import static dev.lastcall.run.TestRuns.newId;
import static dev.lastcall.run.TestRuns.newRun;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.toolcall.ToolCall;
import dev.lastcall.run.toolcall.ToolLedger;
import dev.lastcall.run.toolcall.ToolWrite;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PostgresToolLedgerTest {
    private static final DataSource DATABASE = TestRuns.database();
    private static final TestPod POD = TestPod.start(DATABASE);
    private static final ToolWrite WRITTEN = new ToolWrite.Written();
    private static final ToolWrite FENCED = new ToolWrite.Fenced();

    private final ToolLedger ledger = POD.ledger();

    @AfterAll
    static void stop() {
        POD.close();
    }

    @Test
    void intentIsWrittenBeforeDoneAndBothOnce() throws Exception {
        UUID run = owned();
        assertThat(await(ledger.intend(run, 1, "call", "args"))).isEqualTo(WRITTEN);
        assertThat(await(ledger.intend(run, 1, "call", "args"))).isEqualTo(WRITTEN);
        assertThat(await(ledger.done(run, 1, "call", "42"))).isEqualTo(WRITTEN);
        assertThat(await(ledger.done(run, 1, "call", "42"))).isEqualTo(WRITTEN);
        ToolCall done = new ToolCall("call", 1, "args", ToolCall.State.DONE, "42");
        assertThat(await(ledger.calls(run))).containsExactly(done);
        assertThat(await(ledger.intend(run, 1, "call", "args"))).isEqualTo(new ToolWrite.Refused(done));
    }

    @Test
    void formerOwnerWritesNothing() throws Exception {
        UUID run = owned();
        await(ledger.intend(run, 1, "call", "args"));
        Claimed next = await(POD.log().seize(run)).orElseThrow();
        assertThat(await(ledger.done(run, 1, "call", "42"))).isEqualTo(FENCED);
        assertThat(await(ledger.intend(run, 1, "other", "args"))).isEqualTo(FENCED);
        assertThat(await(ledger.calls(run)))
                .containsExactly(new ToolCall("call", 1, "args", ToolCall.State.INTENT, null));
        assertThat(await(ledger.retake(run, next.epoch(), "call"))).isEqualTo(WRITTEN);
        assertThat(await(ledger.calls(run)))
                .containsExactly(new ToolCall("call", 2, "args", ToolCall.State.INTENT, null));
    }

    @Test
    void intentOfADeadOwnerBecomesUnknownOnce() throws Exception {
        UUID run = owned();
        await(ledger.intend(run, 1, "call", "args"));
        int epoch = await(POD.log().seize(run)).orElseThrow().epoch();
        assertThat(await(ledger.unknown(run, epoch, "call"))).isEqualTo(WRITTEN);
        assertThat(await(ledger.done(run, epoch, "call", "42"))).isInstanceOf(ToolWrite.Refused.class);
    }

    /** The claim is not committed yet when the intent reads the run: without the lock it would find the old epoch. */
    @Test
    void intentThatMeetsAClaimWaitsForItAndIsFenced() throws Exception {
        UUID run = owned();
        CompletionStage<ToolWrite> intent;
        try (Connection claimer = DATABASE.getConnection();
                Statement claim = claimer.createStatement()) {
            claimer.setAutoCommit(false);
            claim.execute("UPDATE runs SET epoch = 2, owner = 1 WHERE id = '" + run + "'");
            intent = ledger.intend(run, 1, "call", "args");
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .untilAsserted(() -> assertThat(TestRuns.one(DATABASE, """
                            SELECT count(*) FROM pg_stat_activity
                            WHERE datname = current_database() AND wait_event_type = 'Lock'""")).isEqualTo("1"));
            claimer.commit();
        }
        assertThat(await(intent)).isEqualTo(FENCED);
        assertThat(await(ledger.calls(run))).isEmpty();
    }

    private static UUID owned() throws Exception {
        UUID run = newId();
        POD.begin(newRun(run, RunStatus.RUNNING));
        return run;
    }
}
