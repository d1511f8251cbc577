package dev.lastcall.run.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.openai.core.ObjectMappers;
import com.openai.models.responses.ResponseOutputItem;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelFailure;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Strategy;
import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.MemoryLog;
import dev.lastcall.run.log.NewResponse;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.log.RunSnapshot;
import dev.lastcall.run.tail.Tails;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Thoughts, text and refusals as items of a response, on this pod and the next one. */
class ContentTest {
    private final FakeTime time = new FakeTime();
    private final ManualModel model = new ManualModel();
    private final MemoryLog log = new MemoryLog(Clock.systemUTC(), Duration.ofMinutes(1));
    private final UUID run = RunId.at(1);
    private final ExecutionContext context =
            new ExecutionContext(log, model, time, (id, rows) -> {}, new RunLimits(Duration.ofMinutes(10), 1000, 5));

    @Test
    void thoughtsTextAndRefusalAreItemsAndParts() throws Exception {
        begin();
        think("h", "m");
        model.listener().onNext(new ModelEvent.Reasoned("origin"));
        model.say("yes");
        model.listener().onNext(new ModelEvent.Refusal("but "));
        model.listener().onNext(new ModelEvent.Refusal("no"));
        model.finish(FinishReason.STOP);

        assertThat(types())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.reasoning_text.delta",
                        "response.reasoning_text.delta",
                        "response.reasoning_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.content_part.added",
                        "response.refusal.delta",
                        "response.refusal.delta",
                        "response.refusal.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        JsonObject thought = item(0);
        assertThat(thought.getString("encrypted_content")).isEqualTo("origin");
        assertThat(thought.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("hm");
        assertThat(item(1).getJsonArray("content").getJsonObject(1).getString("refusal"))
                .isEqualTo("but no");
        assertThat(opened().fold().said()).isEqualTo("yes");
        for (int i = 0; i < 2; i++) {
            ObjectMappers.jsonMapper()
                    .readValue(item(i).encode(), ResponseOutputItem.class)
                    .validate();
        }
        List<JsonObject> all = events(-1);
        assertThat(all)
                .extracting(event -> event.getInteger("sequence_number"))
                .isEqualTo(IntStream.range(0, all.size()).boxed().toList());
        for (int after = 0; after < all.size(); after++) {
            assertThat(events(after)).isEqualTo(all.subList(after + 1, all.size()));
        }
    }

    @Test
    void logProbabilitiesAreInEveryEventOfTheirTextWhoeverWritesIt() throws Exception {
        JsonArray one = new JsonArray("[{\"token\":\"é\",\"logprob\":-0.5,\"bytes\":[195,169],\"top_logprobs\":[]}]");
        JsonArray two = new JsonArray("[{\"token\":\"b\",\"logprob\":-1.0,\"bytes\":[98],\"top_logprobs\":[]}]");
        begin();
        model.listener().onNext(new ModelEvent.Text("é", one));
        takeOver();
        model.listener().onNext(new ModelEvent.Text("b", two));
        model.say("c");
        assertThat(opened().fold()
                        .response()
                        .getJsonArray("output")
                        .getJsonObject(0)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getJsonArray("logprobs"))
                .isEqualTo(one.copy().addAll(two));
        model.finish(FinishReason.STOP);

        List<JsonObject> all = events(-1);
        assertThat(all.stream().filter(event -> event.getString("type").equals("response.output_text.delta")))
                .extracting(event -> event.getString("delta"), event -> event.getJsonArray("logprobs"))
                .containsExactly(tuple("é", one), tuple("b", two), tuple("c", new JsonArray()));
        assertThat(all.stream().filter(event -> event.getString("type").equals("response.output_text.done")))
                .extracting(event -> event.getJsonArray("logprobs"))
                .containsExactly(one.copy().addAll(two));
        assertThat(opened().fold().said()).isEqualTo("ébc");
        JsonObject part = item(0).getJsonArray("content").getJsonObject(0);
        assertThat(part.getJsonArray("logprobs")).isEqualTo(one.copy().addAll(two));
        ObjectMappers.jsonMapper()
                .readValue(item(0).encode(), ResponseOutputItem.class)
                .validate();
    }

    @Test
    void answerThatSaysNothingIsAnEmptyMessage() {
        begin();
        think("hm");
        model.finish(FinishReason.STOP);

        assertThat(item(1).getString("type")).isEqualTo("message");
        assertThat(item(1).getJsonArray("content").getJsonObject(0).getString("text"))
                .isEmpty();
    }

    @Test
    void nextOwnerThinksAnewWhereNothingWasSaid() {
        model.strategy = Strategy.NEW_ITEM;
        begin();
        think("h");
        takeOver();
        assertThat(item(0).getString("status")).isEqualTo("incomplete");
        assertThat(model.requests.get(1).continuation()).isNull();
        think("hm");
        model.say("yes");
        model.finish(FinishReason.STOP);

        assertThat(opened().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(item(1).getString("status")).isEqualTo("completed");
        assertThat(opened().fold().said()).isEqualTo("yes");
    }

    @Test
    void nextOwnerOfAnExactAnswerGoesOnInTheThought() {
        begin();
        think("h");
        takeOver();
        assertThat(model.requests.get(1).continuation())
                .satisfies(said -> assertThat(said.reasoning()).isEqualTo("h"));
        think("m");
        model.finish(FinishReason.STOP);

        assertThat(item(0).getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("hm");
    }

    /** The upstream's client does not ask again once something was said, thoughts included. */
    @Test
    void modelThatDiesWhileItThinksIsAskedAgain() {
        model.strategy = Strategy.NEW_ITEM;
        begin();
        think("h");
        model.listener().onError(ModelFailure.interrupted("gone", null));
        time.advance(ManualModel.CONTINUATION_DELAY);
        assertThat(model.requests).hasSize(2);
        assertThat(opened().status()).isEqualTo(RunStatus.RUNNING);
    }

    private void think(String... thoughts) {
        for (String thought : thoughts) {
            model.listener().onNext(new ModelEvent.Reasoning(thought));
        }
    }

    private void begin() {
        Instant now = time.instant();
        JsonObject response = NewResponse.of(run, now, "in_progress", new JsonObject());
        NewRun made = new NewRun(
                run,
                "t",
                "responses",
                ModelRequest.plain("input").json().encode(),
                null,
                "",
                true,
                now,
                now.plus(Duration.ofMinutes(10)),
                RunStatus.RUNNING,
                ResponseEventWriter.created(response));
        log.insert(made, 0, () -> true);
        ResponseFold fold = new ResponseFold();
        made.rows().forEach(fold::apply);
        ResponseEventWriter draft = new ResponseEventWriter(run, fold, 1, List.of());
        new Execution(run, 1, 1, context, over -> {})
                .begin(draft, ModelRequest.plain("input"), draft.begin(), made.deadline());
    }

    private void takeOver() {
        Claimed claimed = log.seize(run).toCompletableFuture().join().orElseThrow();
        new Executions(context, new InFlight(time), new RunCounts(new Tails(log, time)))
                .take(new Claimed(run, claimed.epoch(), claimed.nextSeq(), false, 1, 0, claimed.deadline()));
    }

    private RunSnapshot opened() {
        return RunSnapshot.read(log, run).toCompletableFuture().join().orElseThrow();
    }

    private JsonObject item(int index) {
        return opened().fold().response().getJsonArray("output").getJsonObject(index);
    }

    private List<String> types() {
        return events(-1).stream().map(event -> event.getString("type")).toList();
    }

    private List<JsonObject> events(int after) {
        List<JsonObject> events = new ArrayList<>();
        new Tails(log, time).follow(run, after, new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(LoggedEvent event) {
                events.add(new JsonObject(event.json()));
            }

            @Override
            public void onError(Throwable failure) {
                throw new AssertionError(failure);
            }

            @Override
            public void onComplete() {}
        });
        return events;
    }
}
