package dev.lastcall.run.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Trigger;
import dev.lastcall.drain.Work;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Strategy;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.MemoryLog;
import dev.lastcall.run.log.NewResponse;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.SlowLog;
import dev.lastcall.run.ownership.Ownership;
import dev.lastcall.run.tail.Tails;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The default drain: lame duck to second 10 where nothing shows that it is quiet, CANCELLING at 22, what is left is cut at 25. */
class HandoffsTest {
    private final FakeTime time = new FakeTime();
    private final InFlight inFlight = new InFlight(time);
    private final Drain drain = new Drain(DrainSettings.defaults(), time, inFlight);
    private final ManualModel model = new ManualModel();
    private final SlowLog log = new SlowLog(new MemoryLog(Clock.systemUTC(), Duration.ofMinutes(1)));
    private final Executions executions = new Executions(
            new ExecutionContext(log, model, time, (id, rows) -> {}, new RunLimits(Duration.ofHours(1), 1000, 5)),
            inFlight,
            new RunCounts(new Tails(log, time)));
    private final Others others = new Others();
    private final UUID run = RunId.at(1);

    @BeforeEach
    void listen() {
        drain.subscribe(new Handoffs(drain, time, others, executions));
    }

    @Test
    void claimingStopsAtTheFirstTriggerAndNothingIsGivenAwayYet() {
        begin(Strategy.EXACT);
        trigger(Trigger.SIGTERM);
        at(9.9);

        assertThat(drain.state()).isEqualTo(DrainState.LAME_DUCK);
        assertThat(others.paused()).isTrue();
        assertThat(executions.isEmpty()).isFalse();
    }

    @Test
    void seamlessRunIsHandedOffWhenDrainingBegins() {
        begin(Strategy.EXACT);
        trigger(Trigger.SIGTERM);
        at(10.3);

        assertThat(executions.isEmpty()).isTrue();
        assertThat(drain.state()).isEqualTo(DrainState.DRAINED);
    }

    @Test
    void runWithASeamIsKeptUntilCancelling() {
        begin(Strategy.NEW_ITEM);
        trigger(Trigger.SIGTERM);
        at(21.9);
        assertThat(executions.isEmpty()).isFalse();

        at(22.3);
        assertThat(executions.isEmpty()).isTrue();
    }

    @Test
    void runIsKeptToTheLastMomentIfNoOtherPodServes() {
        others.serve = false;
        begin(Strategy.EXACT);
        trigger(Trigger.SIGTERM);
        at(24.2);
        assertThat(executions.isEmpty()).isFalse();

        at(24.6);
        assertThat(executions.isEmpty()).isTrue();
        at(25);
        assertThat(inFlight.totals().cut()).isZero();
    }

    @Test
    void runIsGivenAwayAsSoonAsAnotherServes() {
        others.serve = false;
        begin(Strategy.EXACT);
        trigger(Trigger.SIGTERM);
        at(15);
        assertThat(executions.isEmpty()).isFalse();

        others.serve = true;
        at(15.3);
        assertThat(executions.isEmpty()).isTrue();
    }

    /** Its last claim was on its way when the drain began, or its insert. */
    @Test
    void runThatComesLateIsGivenAwayToo() {
        inFlight.admit(new Held(), EntryClass.UNARY, true);
        trigger(Trigger.SIGTERM);
        at(11);
        begin(Strategy.EXACT);

        at(11.3);
        assertThat(executions.isEmpty()).isTrue();
    }

    @Test
    void undrainedPodClaimsAgainAndKeepsItsRuns() {
        begin(Strategy.EXACT);
        trigger(Trigger.OPERATOR);
        assertThat(others.paused()).isTrue();

        drain.undrain();
        at(60);

        assertThat(others.paused()).isFalse();
        assertThat(executions.isEmpty()).isFalse();
        assertThat(drain.state()).isEqualTo(DrainState.SERVING);
    }

    private void begin(Strategy strategy) {
        model.strategy = strategy;
        Instant now = time.instant();
        ModelRequest request = ModelRequest.plain("input");
        NewRun made = new NewRun(
                run,
                "t",
                "native",
                request.json().encode(),
                null,
                "",
                true,
                now,
                now.plusSeconds(3600),
                RunStatus.RUNNING,
                ResponseEventWriter.created(NewResponse.of(run, now, "in_progress", new JsonObject())));
        log.insert(made);
        executions.made(made, request);
    }

    private void trigger(Trigger trigger) {
        drain.trigger(trigger);
        time.runPending();
    }

    /** Seconds since the start. */
    private void at(double second) {
        time.advanceTo(Duration.ofMillis(Math.round(second * 1000)));
    }

    private record Held() implements Work {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return "/agent/run";
        }

        @Override
        public void cut() {}
    }

    /** The fleet as the test says. */
    private static final class Others implements Ownership {
        private boolean serve = true;
        private boolean paused;

        @Override
        public void start(ClaimListener owner) {}

        @Override
        public boolean mayOwn() {
            return !paused;
        }

        @Override
        public boolean othersServe() {
            return serve;
        }

        @Override
        public boolean paused() {
            return paused;
        }

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public boolean isSure() {
            return true;
        }

        @Override
        public void look() {}

        @Override
        public void release() {}
    }
}
