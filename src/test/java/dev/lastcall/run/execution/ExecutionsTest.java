package dev.lastcall.run.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Totals;
import dev.lastcall.drain.Trigger;
import dev.lastcall.model.Continuation;
import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Strategy;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.execution.Executions.Reach;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.MemoryLog;
import dev.lastcall.run.log.NewResponse;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.RunSnapshot;
import dev.lastcall.run.log.SlowLog;
import dev.lastcall.run.tail.Tails;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ExecutionsTest {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final FakeTime time = new FakeTime();
    private final InFlight inFlight = new InFlight(time);
    private final ManualModel model = new ManualModel();
    private final SlowLog log = new SlowLog(new MemoryLog(Clock.systemUTC(), Duration.ofMinutes(1)));
    private final UUID run = RunId.at(1);
    private final RunCounts counts = new RunCounts(new Tails(log, time));
    private final RunLimits limits = new RunLimits(LONGEST, 1000, 5);
    private final Executions pod = pod(model);
    private String wire = "native";

    private Executions pod(ManualModel asked) {
        return new Executions(new ExecutionContext(log, asked, time, (id, rows) -> {}, limits), inFlight, counts);
    }

    @Test
    void runIsInFlightUntilItEnds() {
        begin();
        assertThat(inFlight.countByClass()).containsEntry(EntryClass.RUN, 1L);
        assertThat(counts.owned).hasValue(1);
        assertThat(pod.owned()).containsEntry(run, 1);

        model.finish(FinishReason.STOP);

        assertThat(inFlight.count()).isZero();
        assertThat(counts.owned).hasValue(0);
        assertThat(pod.isEmpty()).isTrue();
    }

    @Test
    void runInMemoryIsCountedWithItsRequestAlone() {
        log.durable = false;
        begin();

        assertThat(inFlight.count()).isZero();
        assertThat(pod.isEmpty()).isFalse();
    }

    @Test
    void runInMemoryThatEndsWithItsPodIsLost() {
        log.durable = false;
        wire = "responses";
        begin();
        pod.handOff(Reach.ALL);

        assertThat(inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 0, 0, 0, 1, 0));
    }

    @Test
    void handedOffRunContinuesAtTheEndOfItsLog() {
        begin();
        model.say("1 ", "2 ");
        pod.handOff(Reach.SEAMLESS);
        assertThat(model.cancels).isOne();
        assertThat(counts.handoffs()).isOne();
        assertThat(inFlight.count()).isZero();

        ManualModel next = new ManualModel();
        pod(next).take(claimed(2, 0));
        next.say("3 ");
        next.finish(FinishReason.STOP);

        assertThat(next.requests.get(0).continuation()).isEqualTo(new Continuation("1 2 ", 2));
        assertThat(opened().fold().said()).isEqualTo("1 2 3 ");
        assertThat(opened().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(opened().meta().handoffs()).containsExactly("6:2:exact");
        assertThat(opened().fold().response().getString(ResponseEventWriter.HANDOFFS))
                .isEqualTo("6:2:exact");
    }

    @Test
    void runWithASeamIsKeptUntilAllAreGivenAway() {
        model.strategy = Strategy.NEW_ITEM;
        begin();
        model.say("1 ");

        pod.handOff(Reach.SEAMLESS);
        assertThat(pod.isEmpty()).isFalse();

        pod.handOff(Reach.ALL);
        assertThat(opened().status()).isEqualTo(RunStatus.HANDOFF);
    }

    @Test
    void handOffIsTimedFromItsFirstDecision() {
        begin();
        log.slow = true;
        pod.handOff(Reach.SEAMLESS);
        time.advance(Duration.ofMillis(300));
        pod.handOff(Reach.SEAMLESS);
        log.answerAll();

        assertThat(counts.handoffs()).isOne();
        assertThat(counts.handoffTime()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void claimThatIsAnsweredWhenTheGateIsClosedIsGivenAwayAtOnce() {
        begin();
        pod.handOff(Reach.SEAMLESS);
        new Drain(DrainSettings.defaults(), time, inFlight).trigger(Trigger.SIGINT);
        time.runPending();
        assertThat(inFlight.isOpen()).isFalse();

        ManualModel late = new ManualModel();
        pod(late).take(claimed(2, 0));

        assertThat(late.requests).isEmpty();
        assertThat(opened().status()).isEqualTo(RunStatus.HANDOFF);
    }

    @Test
    void cancelIsSealedAlsoWhenTheGateIsClosed() {
        begin();
        new Drain(DrainSettings.defaults(), time, inFlight).trigger(Trigger.SIGINT);
        time.runPending();

        cancel();

        assertThat(opened().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(model.cancels).isOne();
        assertThat(pod.isEmpty()).isTrue();
    }

    @Test
    void lossEndsTheEpochItNamesAndNoLaterOne() {
        begin();

        pod.fenced(run, 0);
        assertThat(pod.isEmpty()).isFalse();

        pod.fenced(run, 1);
        assertThat(pod.isEmpty()).isTrue();
        assertThat(model.cancels).isOne();
        assertThat(counts.fences()).isOne();
        assertThat(inFlight.count()).isZero();
    }

    @Test
    void leaseThatIsLostWhileAClaimIsOpenedBeginsNothing() {
        begin();
        pod.handOff(Reach.SEAMLESS);
        Claimed claimed = claimed(2, 0);
        log.slow = true;
        ManualModel late = new ManualModel();
        Executions other = pod(late);
        other.take(claimed);

        other.lost();
        log.answerAll();

        assertThat(late.requests).isEmpty();
        assertThat(inFlight.count()).isZero();
    }

    @Test
    void logThatIsAwayWhenAClaimIsOpenedIsReadAgain() {
        begin();
        pod.handOff(Reach.SEAMLESS);
        Claimed claimed = claimed(2, 0);
        log.reachable = false;
        ManualModel next = new ManualModel();
        pod(next).take(claimed);
        assertThat(next.requests).isEmpty();

        log.reachable = true;
        time.advance(Duration.ofSeconds(1));

        assertThat(next.requests).hasSize(1);
    }

    @Test
    void suspendedPodReadsNothingOfAClaimUntilItIsResumed() {
        begin();
        pod.handOff(Reach.SEAMLESS);
        ManualModel next = new ManualModel();
        Executions other = pod(next);
        other.suspended();
        other.take(claimed(2, 0));
        assertThat(next.requested).isZero();

        other.resumed();

        assertThat(next.requested).isPositive();
    }

    @Test
    void runThatLostTooManyPodsFails() {
        begin();
        model.say("1 ");
        ManualModel next = new ManualModel();
        pod(next).take(claimed(2, 6));

        assertThat(next.requests).isEmpty();
        assertThat(error()).isEqualTo("the run lost its pod 6 times; it is not tried again");
        assertThat(opened().fold().said()).isEqualTo("1 ");
    }

    @Test
    void runPastItsDeadlineFails() {
        begin();
        time.advance(LONGEST.minusMillis(1));
        ManualModel next = new ManualModel();
        Claimed claimed = claimed(2, 0);
        time.advance(Duration.ofMillis(1));
        pod(next).take(claimed);

        assertThat(next.requests).isEmpty();
        assertThat(error()).contains("lastcall.run.max-duration");
    }

    @Test
    void runThatNoPodCanReadFailsAtTheFirst() {
        Instant now = time.instant();
        log.insert(newRun("not JSON", now));
        ManualModel next = new ManualModel();
        pod(next).take(claimed(2, 0));

        assertThat(next.requests).isEmpty();
        assertThat(error()).isEqualTo("the run cannot be gone on with; send the input again");
        assertThat(inFlight.count()).isZero();
    }

    @Test
    void tokensThatAModelReadsAgainAreCounted() {
        model.strategy = Strategy.NEW_ITEM;
        begin();
        model.say("1 ", "2 ", "3 ");
        pod.handOff(Reach.ALL);
        ManualModel next = new ManualModel();
        next.strategy = Strategy.NEW_ITEM;
        pod(next).take(claimed(2, 0));

        assertThat(counts.respent()).isEqualTo(3);
        JsonArray output = opened().fold().response().getJsonArray("output");
        assertThat(output.getJsonObject(0).getString("status")).isEqualTo("incomplete");
    }

    @Test
    void structuredOutputWithASeamFails() {
        JsonObject format = new JsonObject().put("format", new JsonObject().put("type", "json_object"));
        ModelRequest plain = ModelRequest.plain("input");
        ModelRequest structured =
                new ModelRequest("", null, plain.input(), new JsonArray(), new JsonObject().put("text", format), null);
        model.strategy = Strategy.NEW_ITEM;
        begin(structured);
        model.say("{");
        pod.handOff(Reach.ALL);
        ManualModel next = new ManualModel();
        next.strategy = Strategy.NEW_ITEM;
        pod(next).take(claimed(2, 0));

        assertThat(next.requests).isEmpty();
        assertThat(error()).isEqualTo("structured output was interrupted and cannot be gone on with");
    }

    private void begin() {
        begin(ModelRequest.plain("input"));
    }

    private void begin(ModelRequest request) {
        NewRun made = newRun(request.json().encode(), time.instant());
        log.insert(made);
        pod.made(made, request);
    }

    private NewRun newRun(String request, Instant now) {
        JsonObject response = NewResponse.of(run, now, "in_progress", new JsonObject());
        return new NewRun(
                run,
                "t",
                wire,
                request,
                null,
                "",
                true,
                now,
                now.plus(LONGEST),
                RunStatus.RUNNING,
                ResponseEventWriter.created(response));
    }

    /** The run under a new claim, of any pod's. */
    private Claimed claimed(int epoch, int attempts) {
        Claimed seized = seize();
        assertThat(seized.epoch()).isEqualTo(epoch);
        return new Claimed(run, epoch, seized.nextSeq(), false, attempts, 1, seized.deadline());
    }

    private void cancel() {
        CompletableFuture<Void> over = pod.take(seize()).toCompletableFuture();
        assertThat(over).isCompleted();
    }

    private Claimed seize() {
        return log.seize(run).toCompletableFuture().join().orElseThrow();
    }

    private RunSnapshot opened() {
        return RunSnapshot.read(log, run).toCompletableFuture().join().orElseThrow();
    }

    private String error() {
        assertThat(opened().status()).isEqualTo(RunStatus.FAILED);
        return opened().fold().response().getJsonObject("error").getString("message");
    }
}
