package dev.lastcall.run.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.ObjectMappers;
import com.openai.models.responses.ResponseOutputItem;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.model.Continuation;
import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelFailure;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.MemoryLog;
import dev.lastcall.run.log.NewResponse;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.RunSnapshot;
import dev.lastcall.run.log.SlowLog;
import dev.lastcall.run.tail.Tails;
import dev.lastcall.run.toolcall.ManualLedger;
import dev.lastcall.run.toolcall.ManualTool;
import dev.lastcall.run.toolcall.ToolCall;
import dev.lastcall.run.toolcall.Toolbox;
import dev.lastcall.tool.ToolAnswer;
import dev.lastcall.tool.Tools;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ToolTurnsTest {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final FakeTime time = new FakeTime();
    private final ManualModel model = new ManualModel();
    private final SlowLog log = new SlowLog(new MemoryLog(Clock.systemUTC(), Duration.ofMinutes(1)));
    private final UUID run = RunId.at(1);
    private final List<String> journal = new ArrayList<>();
    private final ManualLedger ledger = new ManualLedger(journal);
    private final ManualTool look = new ManualTool("look", true, journal);
    private final ManualTool pay = new ManualTool("pay", false, journal);
    private final List<ExecutionOutcome> over = new ArrayList<>();
    private boolean sure = true;
    private final Toolbox toolbox = new Toolbox(new Tools(List.of(look, pay)), ledger, () -> sure, time, 3);
    private final ExecutionContext context =
            new ExecutionContext(log, model, time, (id, rows) -> {}, new RunLimits(LONGEST, 1000, 5), toolbox);

    @Test
    void callIsMadeOnlyOnceItIsInTheLog() {
        begin();
        log.slow = true;
        call("look", "{\"at\":1}");
        assertThat(journal).isEmpty();

        log.slow = false;
        log.answerAll();
        assertThat(journal).containsExactly("intend", "call");
        assertThat(look.keys).containsExactly(item(0).getString("id"));
        assertThat(look.arguments).containsExactly("{\"at\":1}");
    }

    @Test
    void resultIsInTheLedgerBeforeTheModelIsAskedAgain() {
        begin();
        model.say("I look. ");
        call("look", "{}");
        assertThat(model.requests).hasSize(1);
        look.say("rain");

        assertThat(journal).containsExactly("intend", "call", "done");
        JsonArray asked = model.requests.get(1).input();
        assertThat(types(asked)).containsExactly("message", "message", "function_call", "function_call_output");
        assertThat(asked.getJsonObject(3).getString("output")).isEqualTo("rain");
        model.say("It rains.");
        model.finish(FinishReason.STOP);
        assertThat(types(output())).containsExactly("message", "mcp_call", "message");
        assertThat(item(1).getString("output")).isEqualTo("rain");
        assertThat(item(1).getString("status")).isEqualTo("completed");
        assertThat(opened().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(opened().fold().said()).isEqualTo("I look. It rains.");
    }

    /** Validated by OpenAI's own client. */
    @Test
    void callAndResultAreItemsThatClientsKnow() throws Exception {
        begin();
        call("look", "{}");
        look.answer(new ToolAnswer.Failed("the tool answered 500"));

        ResponseOutputItem made = ObjectMappers.jsonMapper().readValue(item(0).encode(), ResponseOutputItem.class);
        assertThat(made.validate().isMcpCall()).isTrue();
        assertThat(made.asMcpCall().error().orElseThrow().isToolExecution()).isTrue();
    }

    @Test
    void callsOfOneTurnAreToldFromThoseOfTwo() {
        begin();
        model.listener().onNext(new ModelEvent.ToolCall("a", "look", "{}"));
        model.listener().onNext(new ModelEvent.ToolCall("b", "pay", "{}"));
        model.finish(FinishReason.TOOL_CALLS);
        look.say("rain");
        pay.say("paid");
        assertThat(opened().fold().turns().number()).isEqualTo(2);
        call("look", "{}");
        look.say("sun");

        assertThat(opened().fold().turns().number()).isEqualTo(3);
        assertThat(types(model.requests.get(2).input()))
                .containsExactly(
                        "message",
                        "function_call",
                        "function_call",
                        "function_call_output",
                        "function_call_output",
                        "function_call",
                        "function_call_output");
    }

    @Test
    void callThatIsUnderWayAtTheEndIsLeftIncomplete() {
        Execution execution = begin();
        call("pay", "{}");
        assertThat(item(0).getString("arguments")).isEqualTo("{}");
        execution.refused("enough");

        assertThat(item(0).getString("status")).isEqualTo("incomplete");
        assertThat(opened().fold().turns().open()).isEmpty();
    }

    @Test
    void modelGetsTheToolsAndIsNotForcedToCallAgain() {
        Executions executions = executions();
        JsonObject options = new JsonObject().put("tool_choice", "required");
        ModelRequest plain = ModelRequest.plain("input");
        ModelRequest asked = new ModelRequest("", null, plain.input(), plain.tools(), options, null);
        executions.made(made(), asked);
        assertThat(model.requests.get(0).tools().encode()).contains("look").contains("pay");
        assertThat(model.requests.get(0).options().getString("tool_choice")).isEqualTo("required");
        call("look", "{}");
        look.say("rain");
        assertThat(model.requests.get(1).options().containsKey("tool_choice")).isFalse();
    }

    @Test
    void callOfTheClientsToolEndsTheRun() {
        begin();
        call("theirs", "{}");

        assertThat(opened().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(types(output())).containsExactly("function_call");
        assertThat(journal).isEmpty();
    }

    @Test
    void oursAreAnsweredBeforeTheClientsAreLeftToIt() {
        begin();
        model.listener().onNext(new ModelEvent.ToolCall("a", "theirs", "{}"));
        call("look", "{}");
        assertThat(opened().status()).isEqualTo(RunStatus.RUNNING);
        look.say("rain");

        assertThat(types(output())).containsExactly("function_call", "mcp_call");
        assertThat(opened().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(model.requests).hasSize(1);
    }

    @Test
    void modelIsAskedOnceAllCallsHaveResultsAlsoWhereTheyHaveOneId() {
        begin();
        model.listener().onNext(new ModelEvent.ToolCall("same", "look", "{}"));
        model.listener().onNext(new ModelEvent.ToolCall("same", "pay", "{}"));
        model.finish(FinishReason.TOOL_CALLS);
        assertThat(look.keys).hasSize(1).doesNotContainAnyElementsOf(pay.keys);
        pay.say("paid");
        assertThat(model.requests).hasSize(1);
        look.say("rain");

        assertThat(model.requests).hasSize(2);
        assertThat(types(output())).containsExactly("mcp_call", "mcp_call");
    }

    @Test
    void turnsAreLimited() {
        begin();
        for (int turn = 1; turn < 3; turn++) {
            call("look", "{}");
            look.say("rain");
        }
        call("look", "{}");

        assertThat(error()).contains("lastcall.run.max-turns");
        assertThat(look.keys).hasSize(2);
    }

    @Test
    void nothingBeginsWhileTheRunIsSuspended() {
        Execution execution = begin();
        execution.suspend();
        call("look", "{}");
        assertThat(journal).isEmpty();

        execution.resume();
        assertThat(journal).containsExactly("intend", "call");
    }

    @Test
    void noCallBeginsOnceTheLeaseMayHaveExpired() {
        begin();
        sure = false;
        call("look", "{}");
        time.advance(RETRY);
        assertThat(journal).isEmpty();

        sure = true;
        time.advance(RETRY);
        assertThat(journal).containsExactly("intend", "call");
    }

    @Test
    void ledgerThatIsAwayIsAskedAgain() {
        begin();
        ledger.reachable = false;
        call("look", "{}");
        time.advance(RETRY);
        assertThat(journal).isEmpty();
        ledger.reachable = true;
        time.advance(RETRY);
        assertThat(journal).containsExactly("intend", "call");

        ledger.reachable = false;
        look.say("rain");
        assertThat(model.requests).hasSize(1);
        ledger.reachable = true;
        time.advance(RETRY);
        assertThat(journal).containsExactly("intend", "call", "done");
        assertThat(model.requests).hasSize(2);
    }

    @Test
    void takenRunMakesNoCall() {
        begin();
        ledger.taken = true;
        call("look", "{}");

        assertThat(over).containsExactly(ExecutionOutcome.FENCED);
        assertThat(journal).isEmpty();
    }

    @Test
    void failureIsGivenToTheModel() {
        begin();
        call("pay", "{}");
        pay.answer(new ToolAnswer.Failed("the tool answered 500"));

        assertThat(item(0).getJsonObject("error").encode()).contains("failed").contains("500");
        assertThat(item(0).getString("status")).isEqualTo("failed");
        assertThat(ledger.only().state()).isEqualTo(ToolCall.State.DONE);
        assertThat(model.requests).hasSize(2);
    }

    @Test
    void unknownOutcomeIsUnknownToTheModelAndInTheLedger() {
        begin();
        call("pay", "{}");
        pay.answer(new ToolAnswer.Unknown("the tool did not answer"));

        assertThat(pay.keys).hasSize(1);
        assertThat(item(0).getJsonObject("error").encode()).contains("unknown").contains("did not answer");
        assertThat(ledger.only().state()).isEqualTo(ToolCall.State.UNKNOWN);
        assertThat(model.requests).hasSize(2);
    }

    @Test
    void idempotentToolIsCalledOnceMoreWhereTheOutcomeIsUnknown() {
        begin();
        call("look", "{}");
        look.answer(new ToolAnswer.Unknown("the tool did not answer"));
        assertThat(look.keys).hasSize(2).containsOnly(item(0).getString("id"));
        look.answer(new ToolAnswer.Unknown("the tool did not answer"));

        assertThat(look.keys).hasSize(2);
        assertThat(ledger.only().state()).isEqualTo(ToolCall.State.UNKNOWN);
    }

    @Test
    void stoppedRunClosesTheConnectionAndDropsTheAnswer() {
        Execution execution = begin();
        call("pay", "{}");
        assertThat(execution.isCalling()).isTrue();
        assertThat(execution.isCallingForGood()).isTrue();
        execution.stop();

        assertThat(pay.answers.get(0)).isCancelled();
        assertThat(journal).containsExactly("intend", "call");
    }

    @Test
    void callThatBearsRepetitionIsGivenAwayAndMadeAgainUnderTheSameKey() {
        Execution execution = begin();
        call("look", "{}");
        assertThat(execution.isCallingForGood()).isFalse();
        assertThat(execution.handOff()).isTrue();
        assertThat(look.answers.get(0)).isCancelled();
        takeOver();

        assertThat(journal).containsExactly("intend", "call", "retake", "call");
        assertThat(look.keys).hasSize(2).containsOnly(item(0).getString("id"));
        look.say("rain");
        assertThat(types(model.requests.get(1).input()))
                .containsExactly("message", "function_call", "function_call_output");
        model.say("It rains.");
        model.finish(FinishReason.STOP);
        assertThat(opened().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void callThatDoesNotBearRepetitionIsUnknownAfterALoss() {
        begin();
        call("pay", "{}");
        takeOver();

        assertThat(pay.keys).hasSize(1);
        assertThat(ledger.only().state()).isEqualTo(ToolCall.State.UNKNOWN);
        assertThat(item(0).getJsonObject("error").encode()).contains("unknown").contains("not called again");
        assertThat(item(0).getString("status")).isEqualTo("failed");
        assertThat(model.requests).hasSize(2);
    }

    @Test
    void recordedResultIsUsedWithoutACall() {
        begin();
        call("pay", "{}");
        log.slow = true;
        pay.say("caf\u00e9 \u0000");
        log.slow = false;
        log.answers.clear();
        takeOver();

        assertThat(pay.keys).hasSize(1);
        assertThat(item(0).getString("output")).isEqualTo("caf\u00e9 \u0000");
        assertThat(ledger.only().result()).isASCII();
    }

    @Test
    void callThatWasNeverBegunIsMadeByTheNextOwner() {
        begin();
        ledger.reachable = false;
        call("pay", "{}");
        ledger.reachable = true;
        takeOver();

        assertThat(journal).containsExactly("intend", "call");
    }

    @Test
    void nextOwnerContinuesInTheInterruptedTurn() {
        begin();
        model.say("I look. ");
        call("look", "{}");
        look.say("rain");
        model.say("It ");
        takeOver();

        ModelRequest last = model.requests.get(2);
        assertThat(types(last.input())).containsExactly("message", "message", "function_call", "function_call_output");
        assertThat(last.continuation()).isEqualTo(new Continuation("It ", 1));
    }

    @Test
    void modelThatDiesAfterItsCallsWereSaidMakesThemAgainAndNoneIsCarriedOutTwice() {
        begin();
        model.say("I look. ");
        model.listener().onNext(new ModelEvent.ToolCall("a", "look", "{}"));
        model.listener().onError(ModelFailure.interrupted("gone", null));
        time.advance(ManualModel.CONTINUATION_DELAY);
        call("look", "{}");

        assertThat(look.keys).hasSize(1);
        assertThat(types(output())).containsExactly("message", "mcp_call");
    }

    private void call(String name, String arguments) {
        model.listener().onNext(new ModelEvent.ToolCall("call_" + name, name, arguments));
        model.finish(FinishReason.TOOL_CALLS);
    }

    private NewRun made() {
        Instant now = time.instant();
        JsonObject response = NewResponse.of(run, now, "in_progress", new JsonObject());
        String request = ModelRequest.plain("input").json().encode();
        NewRun made = new NewRun(
                run,
                "t",
                "native",
                request,
                null,
                "",
                true,
                now,
                now.plus(LONGEST),
                RunStatus.RUNNING,
                ResponseEventWriter.created(response));
        log.insert(made);
        return made;
    }

    private Execution begin() {
        NewRun made = made();
        ResponseFold fold = new ResponseFold();
        made.rows().forEach(fold::apply);
        ResponseEventWriter draft = new ResponseEventWriter(run, fold, 1, List.of());
        Execution execution = new Execution(run, 1, 1, context, over::add);
        execution.begin(draft, toolbox.offer(ModelRequest.plain("input")), draft.begin(), made.deadline());
        return execution;
    }

    private Executions executions() {
        return new Executions(context, new InFlight(time), new RunCounts(new Tails(log, time)));
    }

    private void takeOver() {
        Claimed claimed = log.seize(run).toCompletableFuture().join().orElseThrow();
        executions().take(new Claimed(run, claimed.epoch(), claimed.nextSeq(), false, 1, 0, claimed.deadline()));
    }

    private RunSnapshot opened() {
        return RunSnapshot.read(log, run).toCompletableFuture().join().orElseThrow();
    }

    private JsonArray output() {
        return opened().fold().response().getJsonArray("output");
    }

    private JsonObject item(int index) {
        return output().getJsonObject(index);
    }

    private String error() {
        return opened().fold().response().getJsonObject("error").getString("message");
    }

    private static List<String> types(JsonArray items) {
        return items.stream().map(item -> ((JsonObject) item).getString("type")).toList();
    }
}
