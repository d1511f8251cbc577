package dev.lastcall.run.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.FakeTime;
import dev.lastcall.model.Continuation;
import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelFailure;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Strategy;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.MemoryLog;
import dev.lastcall.run.log.NewResponse;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.RunSnapshot;
import dev.lastcall.run.log.SlowLog;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExecutionTest {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final FakeTime time = new FakeTime();
    private final ManualModel model = new ManualModel();
    private final SlowLog log = new SlowLog(new MemoryLog(Clock.systemUTC(), Duration.ofMinutes(1)));
    private final UUID run = RunId.at(1);
    private final List<Row> shown = new ArrayList<>();
    private final List<ExecutionOutcome> over = new ArrayList<>();
    private final List<Long> respent = new ArrayList<>();
    private final ExecutionContext context =
            new ExecutionContext(log, model, time, (id, rows) -> shown.addAll(rows), new RunLimits(LONGEST, 1000, 5));

    @Test
    void nothingIsShownBeforeItIsCommitted() {
        begin();
        log.slow = true;
        model.say("1 ");
        assertThat(texts(shown)).isEmpty();

        log.answerAll();
        assertThat(texts(shown)).isEqualTo("1 ");
    }

    @Test
    void tokensDuringAnAppendGoWithTheNextBatch() {
        begin();
        log.slow = true;
        model.say("1 ", "2 ", "3 ");
        assertThat(log.answers).hasSize(1);

        log.answers.remove().run();
        assertThat(log.answers).hasSize(1);
        log.answerAll();
        assertThat(texts(shown)).isEqualTo("1 2 3 ");
    }

    @Test
    void fencedBatchAndAllBehindItAreNeverShownAndTheModelIsStopped() {
        begin();
        log.slow = true;
        model.say("1 ");
        log.slow = false;
        log.seize(run);
        log.answerAll();
        model.say("2 ");

        assertThat(texts(shown)).isEmpty();
        assertThat(model.cancels).isOne();
        assertThat(over).containsExactly(ExecutionOutcome.FENCED);
    }

    @Test
    void batchThatIsCommittedAfterTheRunWasTakenAwayIsNotShownHere() {
        Execution execution = begin();
        log.slow = true;
        model.say("1 ");
        execution.stop();
        log.answerAll();

        assertThat(texts(shown)).isEmpty();
        assertThat(over).containsExactly(ExecutionOutcome.FENCED);
    }

    @Test
    void pendingLimitStopsTheReadingAndTheCommitResumesIt() {
        begin();
        log.slow = true;
        String large = "x".repeat(Outbox.FULL_BYTES / 8);
        for (int i = 0; i < Turn.WINDOW; i++) {
            model.say(large);
        }
        assertThat(model.requested).isLessThan(2L * Turn.WINDOW);
        long before = model.requested;
        log.answerAll();

        assertThat(model.requested).isGreaterThan(before);
    }

    @Test
    void suspendedRunReadsNothingMoreUntilItIsResumed() {
        Execution execution = begin();
        execution.suspend();
        for (int i = 0; i < Turn.WINDOW; i++) {
            model.say("x");
        }
        assertThat(model.requested).isEqualTo(Turn.WINDOW);

        execution.resume();
        assertThat(model.requested).isEqualTo(2L * Turn.WINDOW);
    }

    @Test
    void completedRunHasItsWholeOutputInTheLastEvent() {
        begin();
        model.say("1 ", "2 ");
        model.finish(FinishReason.STOP);

        assertThat(over).containsExactly(ExecutionOutcome.ENDED);
        assertThat(types())
                .containsExactly(
                        EventType.CREATED,
                        EventType.IN_PROGRESS,
                        EventType.OUTPUT_ITEM_ADDED,
                        EventType.CONTENT_PART_ADDED,
                        EventType.OUTPUT_TEXT_DELTA,
                        EventType.OUTPUT_TEXT_DELTA,
                        EventType.OUTPUT_TEXT_DONE,
                        EventType.CONTENT_PART_DONE,
                        EventType.OUTPUT_ITEM_DONE,
                        EventType.COMPLETED);
        JsonObject response = opened().fold().response();
        assertThat(response.getString("status")).isEqualTo("completed");
        JsonObject message = response.getJsonArray("output").getJsonObject(0);
        assertThat(message.getString("status")).isEqualTo("completed");
        assertThat(message.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("1 2 ");
        assertThat(response.getJsonObject("usage").getInteger("output_tokens")).isEqualTo(2);
    }

    @Test
    void functionCallIsOneBatch() {
        begin();
        log.slow = true;
        model.listener().onNext(new ModelEvent.ToolCall("call_1", "look", "{\"at\":1}"));
        model.finish(FinishReason.TOOL_CALLS);
        log.answers.remove().run();
        log.slow = false;

        assertThat(types().subList(2, 6))
                .containsExactly(
                        EventType.OUTPUT_ITEM_ADDED,
                        EventType.FUNCTION_CALL_ARGUMENTS_DELTA,
                        EventType.FUNCTION_CALL_ARGUMENTS_DONE,
                        EventType.OUTPUT_ITEM_DONE);
    }

    @Test
    void handOffAppendsPendingRowsAndAsksTheModelNoMore() {
        Execution execution = begin();
        log.slow = true;
        model.say("1 ", "2 ");
        assertThat(execution.handOff()).isTrue();
        model.say("3 ");
        log.answerAll();
        log.slow = false;

        assertThat(over).containsExactly(ExecutionOutcome.HANDED_OFF);
        assertThat(texts(shown)).isEqualTo("1 2 ");
        assertThat(opened().status()).isEqualTo(RunStatus.HANDOFF);
        assertThat(model.cancels).isOne();
    }

    @Test
    void endedRunIsNotHandedOff() {
        Execution execution = begin();
        log.slow = true;
        model.finish(FinishReason.STOP);
        assertThat(execution.handOff()).isFalse();
        log.answerAll();
        log.slow = false;

        assertThat(opened().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void durationIsLimited() {
        begin();
        model.say("1 ");
        time.advance(LONGEST);

        assertThat(error()).contains("lastcall.run.max-duration");
        assertThat(model.cancels).isOne();
    }

    @Test
    void tokensAreLimited() {
        begin();
        for (int i = 0; i < 1001; i++) {
            model.say("x");
        }

        assertThat(error()).contains("lastcall.run.max-tokens");
        assertThat(opened().fold().tokens()).isEqualTo(1000);
    }

    @Test
    void modelThatDiesInTheMiddleIsAskedToGoOnAndThatDiesAtOnceFailsTheRun() {
        begin();
        model.say("1 ");
        breakOff();

        assertThat(model.requests).hasSize(2);
        assertThat(model.requests.get(1).continuation()).isEqualTo(new Continuation("1 ", 1));
        model.listener().onError(ModelFailure.rateLimit("too much"));
        assertThat(error()).isEqualTo("too much");
        assertThat(opened().fold().response().getJsonObject("error").getString("code"))
                .isEqualTo("rate_limit_exceeded");
    }

    @Test
    void newItemClosesTheOpenOneAsIncomplete() {
        model.strategy = Strategy.NEW_ITEM;
        begin();
        model.say("1 ");
        breakOff();
        model.say("2 ");
        model.finish(FinishReason.STOP);

        var output = opened().fold().response().getJsonArray("output");
        assertThat(output).hasSize(2);
        assertThat(output.getJsonObject(0).getString("status")).isEqualTo("incomplete");
        assertThat(output.getJsonObject(1).getString("status")).isEqualTo("completed");
        assertThat(output.getJsonObject(0).getString("id"))
                .isNotEqualTo(output.getJsonObject(1).getString("id"));
    }

    @Test
    void answerThatBreaksOffWithoutProgressIsContinuedThreeTimesAndLater() {
        begin();
        for (int asked = 1; asked <= 4; asked++) {
            assertThat(model.requests).hasSize(asked);
            model.say("x");
            model.listener().onError(ModelFailure.interrupted("gone " + asked, null));
            // Not at once, and each time later than before.
            time.advance(ManualModel.CONTINUATION_DELAY.multipliedBy(asked).minusMillis(1));
            assertThat(model.requests).hasSize(asked);
            time.advance(Duration.ofMillis(1));
        }
        assertThat(model.requests).hasSize(4);
        assertThat(error()).isEqualTo("gone 4");
        assertThat(respent).isEqualTo(List.of(0L, 0L, 0L));
    }

    @Test
    void progressResetsTheCountOfContinuations() {
        begin();
        for (int asked = 1; asked <= 10; asked++) {
            assertThat(model.requests).hasSize(asked);
            for (int i = 0; i < 64; i++) {
                model.say("x");
            }
            breakOff();
        }
        model.finish(FinishReason.STOP);
        assertThat(opened().fold().response().getString("status")).isEqualTo("completed");
    }

    @Test
    void runThatIsGivenAwayBeforeItsContinuationAsksNoMore() {
        Execution execution = begin();
        model.say("x");
        model.listener().onError(ModelFailure.interrupted("gone", null));
        assertThat(execution.handOff()).isTrue();
        time.advance(LONGEST);
        assertThat(model.requests).hasSize(1);
    }

    @Test
    void continuationThatReadsTheTextAgainIsCountedAsRespent() {
        model.strategy = Strategy.NEW_ITEM;
        begin();
        model.say("1 ", "2 ");
        breakOff();
        assertThat(respent).isEqualTo(List.of(2L));
    }

    @Test
    void refusalOfTheUpstreamKeepsItsStatus() {
        begin();
        model.listener().onError(ModelFailure.refused(400, "context_length_exceeded", "too long"));
        assertThat(opened().fold().response().getJsonObject("error").getMap())
                .containsEntry("status", 400)
                .containsEntry("code", "context_length_exceeded");
    }

    private void breakOff() {
        model.listener().onError(ModelFailure.interrupted("gone", null));
        time.advance(ManualModel.CONTINUATION_DELAY);
    }

    private Execution begin() {
        Instant now = time.instant();
        JsonObject response = NewResponse.of(run, now, "in_progress", new JsonObject());
        NewRun made = new NewRun(
                run,
                "t",
                "native",
                "{}",
                null,
                "",
                true,
                now,
                now,
                RunStatus.RUNNING,
                ResponseEventWriter.created(response));
        log.insert(made);
        ResponseFold fold = new ResponseFold();
        made.rows().forEach(fold::apply);
        ResponseEventWriter draft = new ResponseEventWriter(run, fold, 1, List.of());
        Execution execution = new Execution(run, 1, 1, context, over::add, respent::add);
        execution.begin(draft, ModelRequest.plain("input"), draft.begin(), now.plus(LONGEST));
        shown.clear();
        return execution;
    }

    private RunSnapshot opened() {
        return RunSnapshot.read(log, run).toCompletableFuture().join().orElseThrow();
    }

    private String error() {
        return opened().fold().response().getJsonObject("error").getString("message");
    }

    private List<EventType> types() {
        return log.read(run, -1, 100).toCompletableFuture().join().orElseThrow().rows().stream()
                .map(Row::type)
                .toList();
    }

    private static String texts(List<Row> rows) {
        StringBuilder text = new StringBuilder();
        rows.stream()
                .filter(row -> row.type() == EventType.OUTPUT_TEXT_DELTA)
                .forEach(row -> text.append(io.vertx.core.json.Json.decodeValue(row.data())));
        return text.toString();
    }
}
