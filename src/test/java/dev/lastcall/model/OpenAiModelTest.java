package dev.lastcall.model;

import static dev.lastcall.model.StandIn.calls;
import static dev.lastcall.model.StandIn.diesAfter;
import static dev.lastcall.model.StandIn.endsAfter;
import static dev.lastcall.model.StandIn.refuses;
import static dev.lastcall.model.StandIn.says;
import static dev.lastcall.model.StandIn.sends;
import static dev.lastcall.model.StandIn.stallsAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.problem.Backoff;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiModelTest {
    private static final ModelRequest HELLO = ModelRequest.plain("hello");
    private static final ModelRequest INTERRUPTED = HELLO.continuing(new Continuation("one two ", 2));

    private final Vertx vertx = Vertx.vertx();
    private final StandIn upstream = StandIn.start();
    private final UpstreamSettings settings = UpstreamSettings.of(upstream.url());

    OpenAiModelTest() throws Exception {}

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        upstream.close();
    }

    @Test
    void answerComesPieceByPieceWithItsUsage() {
        upstream.then(says("one ", "two"));

        RecordedAnswer heard = ask(settings, HELLO).untilEnd();

        assertThat(heard.events)
                .containsExactly(
                        new ModelEvent.Text("one "),
                        new ModelEvent.Text("two"),
                        new ModelEvent.Finish(FinishReason.STOP, new Usage(7, 2, 2, 0)));
        assertThat(heard.completed).isTrue();
        assertThat(upstream.headers).contains(Map.entry("authorization", "Bearer sk-upstream"));
        assertThat(upstream.bodies.get(0)).isEqualTo(new JsonObject("""
                        {"stream": true, "model": "default-model", "stream_options": {"include_usage": true},
                         "messages": [{"role": "user", "content": "hello"}]}"""));
    }

    @Test
    void connectionServesTheNextAnswerToo() {
        upstream.then(says("a"));
        Model model = model(settings);

        RecordedAnswer.of(model.answer(HELLO), 9).untilEnd();
        RecordedAnswer.of(model.answer(HELLO), 9).untilEnd();

        assertThat(upstream.connections).hasValue(1);
    }

    @Test
    void toolCallIsPutTogether() {
        upstream.then(calls("call_1", "weather", "{\"city\":", "\"Oslo\"}"));

        RecordedAnswer heard = ask(settings, HELLO).untilEnd();

        assertThat(heard.events)
                .containsExactly(
                        new ModelEvent.ToolCall("call_1", "weather", "{\"city\":\"Oslo\"}"),
                        new ModelEvent.Finish(FinishReason.TOOL_CALLS, new Usage(7, 2, 2, 0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 429, 500, 503})
    void requestIsSentAgainWhereThatMayHelp(int status) {
        upstream.then(refuses(status, "later", "retry-after-ms", "10")).then(says("now"));

        assertThat(ask(settings, HELLO).untilEnd().text()).isEqualTo("now");
        assertThat(upstream.bodies).hasSize(2);
    }

    /** Only the beginning of a refusal is read: an upstream's error page may have no end. */
    @Test
    void refusalWithoutEndIsOne() {
        upstream.then(response -> {
            response.setStatusCode(400).setChunked(true);
            for (int i = 0; i < 20; i++) {
                response.write("x".repeat(8192));
            }
        });

        RecordedAnswer heard = ask(settings, HELLO).untilEnd();

        assertThat(heard.failure).isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.status())
                .isEqualTo(400));
    }

    @Test
    void waitThatTheUpstreamAsksForIsKept() {
        upstream.then(refuses(429, "later", "retry-after", "1")).then(says("now"));
        long start = System.nanoTime();

        ask(settings, HELLO).untilEnd();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waitBeyondTheLimitIsAFailureAtOnce() {
        upstream.then(refuses(429, "tomorrow", "retry-after", "86400"));

        ModelFailure failure = ask(settings, HELLO).failed();

        assertThat(failure.code()).isEqualTo("rate_limit_exceeded");
        assertThat(failure.detail()).isEqualTo("the model's upstream answered 429: tomorrow");
        assertThat(upstream.bodies).hasSize(1);
    }

    @Test
    void retriesEnd() {
        upstream.then(refuses(503, "overloaded", "retry-after-ms", "1"));

        assertThat(ask(settings, HELLO).failed().code()).isEqualTo("server_error");
        assertThat(upstream.bodies).hasSize(3);
    }

    @Test
    void refusalThatStaysOneIsSaidAtOnce() {
        upstream.then(refuses(400, "context too long"));

        ModelFailure failure = ask(settings, HELLO).failed();

        assertThat(failure.detail()).isEqualTo("the model's upstream answered 400: context too long");
        assertThat(failure.isInterruption()).isFalse();
        assertThat(upstream.bodies).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 203, 206})
    void anySuccessIsAnAnswer(int status) {
        upstream.then(response -> says("now").accept(response.setStatusCode(status)));

        assertThat(ask(settings, HELLO).untilEnd().text()).isEqualTo("now");
    }

    /** Answers of servers for a path that they do not have: FastAPI, Spring, llama.cpp, Go, OpenAI, Azure, Express, and some that move on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "404 {\"detail\":\"Not Found\"}",
                "404 {\"timestamp\":1,\"status\":404,\"error\":\"Not Found\",\"path\":\"/chat/completions\"}",
                "404 {\"error\":{\"code\":404,\"message\":\"File Not Found\",\"type\":\"not_found_error\"}}",
                "404 404 page not found",
                "404 {\"error\":{\"message\":\"Invalid URL (POST /chat/completions)\",\"type\":\"invalid_request_error\"}}",
                "404 {\"error\":{\"code\":\"404\",\"message\":\"Resource not found\"}}",
                "404 <!DOCTYPE html><pre>Cannot POST /chat/completions</pre>",
                "404 {}",
                "404",
                "405 {\"detail\":\"Method Not Allowed\"}",
                "301",
                "307"
            })
    void addressWithoutChatCompletionsIsAMistakeOfTheConfiguration(String answer) {
        int status = Integer.parseInt(answer.substring(0, 3));
        upstream.then(response ->
                response.setStatusCode(status).end(answer.substring(3).strip()));

        ModelFailure failure = ask(settings, HELLO).failed();

        assertThat(failure.code()).isEqualTo("server_error");
        assertThat(failure.status()).isZero();
        assertThat(failure.detail()).contains("answered " + status).contains("base-url");
        assertThat(upstream.bodies).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"model 'x' not found\",\"type\":\"not_found_error\"}}",
                "{\"error\":{\"message\":\"The model `x` does not exist.\",\"code\":\"model_not_found\"}}",
                "{\"object\":\"error\",\"message\":\"The model `x` does not exist.\",\"code\":404}",
                "{\"error\":{\"code\":\"DeploymentNotFound\",\"message\":\"The API deployment for this resource does not exist.\"}}",
                "{\"error\":{\"message\":\"No endpoints found for x.\",\"code\":404}}"
            })
    void modelThatTheUpstreamDoesNotHaveIsSaidSo(String body) {
        upstream.then(response -> response.setStatusCode(404).end(body));

        ModelFailure failure = ask(settings, HELLO).failed();

        assertThat(failure.code()).isEqualTo("model_not_found");
        assertThat(failure.status()).isEqualTo(404);
    }

    @Test
    void refusalOfOurKeyIsNotTheClientsToRead() {
        upstream.then(refuses(401, "Incorrect API key provided: sk-upstream"));

        assertThat(ask(settings, HELLO).failed()).hasMessage("the model's upstream answered 401");
    }

    @Test
    void deathBeforeTheFirstTokenIsTriedAgain() {
        upstream.then(diesAfter()).then(says("now"));

        assertThat(ask(settings, HELLO).untilEnd().text()).isEqualTo("now");
    }

    @Test
    void upstreamThatDiesMidAnswerIsAnInterruptionAfterItsTokens() {
        upstream.then(diesAfter("one ", "two "));

        RecordedAnswer heard = ask(settings, HELLO);

        assertThat(heard.failed().isInterruption()).isTrue();
        assertThat(heard.text()).isEqualTo("one two ");
        assertThat(upstream.bodies).hasSize(1);
    }

    @Test
    void cleanEndWithoutAReasonIsAnInterruptionToo() {
        upstream.then(endsAfter("one "));

        assertThat(ask(settings, HELLO).failed().isInterruption()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"choices\":[{\"delta\"\n\n",
                "data: {\"choices\":7}\n\n",
                "data: {\"choices\":[{\"delta\":\"x\"}]}\n\n"
            })
    void malformedChunkIsAnInterruption(String chunk) {
        upstream.then(sends(StandIn.event(StandIn.chunk(new JsonObject().put("content", "one "), null)) + chunk));

        RecordedAnswer heard = ask(settings, HELLO);

        assertThat(heard.failed()).hasMessage("the model's upstream sent what is no chat completion");
        assertThat(heard.text()).isEqualTo("one ");
    }

    @Test
    void silenceBeyondTheLimitIsAnInterruption() {
        upstream.then(stallsAfter("one "));

        RecordedAnswer heard = ask(settings.silent(Duration.ofMillis(300)), HELLO);

        assertThat(heard.failed().isInterruption()).isTrue();
        // On a busy machine the first byte may be late too, and is asked for once more.
        await().untilAsserted(
                        () -> assertThat(upstream.closed.get()).isPositive().isEqualTo(upstream.connections.get()));
    }

    @Test
    void errorInTheStreamSaysItsReason() {
        upstream.then(sends("data: {\"error\": {\"message\": \"slow down\", \"code\": \"rate_limit_exceeded\"}}\n\n"));

        ModelFailure failure = ask(settings, HELLO).failed();

        assertThat(failure.code()).isEqualTo("rate_limit_exceeded");
        assertThat(failure.detail()).endsWith(": slow down");
    }

    @Test
    void cancelClosesTheSocket() {
        upstream.then(stallsAfter("one "));
        RecordedAnswer heard = ask(settings, HELLO);
        await().untilAsserted(() -> assertThat(heard.text()).isEqualTo("one "));
        assertThat(upstream.closed).hasValue(0);

        heard.answer().cancel();

        await().untilAsserted(() -> assertThat(upstream.closed).hasValue(1));
        assertThat(heard.failure).isNull();
    }

    @Test
    void nothingComesThatWasNotRequestedAndTheRestStaysWhole() {
        String[] pieces = new String[5000];
        Arrays.fill(pieces, "word ");
        upstream.then(says(pieces));
        RecordedAnswer heard = RecordedAnswer.of(model(settings).answer(HELLO), 3);
        await().untilAsserted(() -> assertThat(heard.events).hasSize(3));

        heard.answer().request(Long.MAX_VALUE);

        assertThat(heard.untilEnd().text()).isEqualTo("word ".repeat(5000));
    }

    @Test
    void failureIsDeliveredAfterTheTokensBeforeIt() {
        upstream.then(diesAfter("one ", "two "));
        RecordedAnswer heard = RecordedAnswer.of(model(settings).answer(HELLO), 1);
        await().untilAsserted(() -> assertThat(heard.events).hasSize(1));

        heard.answer().request(9);

        heard.failed();
        assertThat(heard.text()).isEqualTo("one two ");
    }

    @Test
    void newItemIsAskedForWithTheTextAndAnInstruction() {
        upstream.then(says("three"));

        assertThat(ask(settings, INTERRUPTED).untilEnd().text()).isEqualTo("three");

        JsonObject body = upstream.bodies.get(0);
        assertThat(body.getJsonArray("messages").getJsonObject(1))
                .isEqualTo(ChatMessages.message("assistant", "one two "));
        assertThat(body.getJsonArray("messages").getJsonObject(2).getString("content"))
                .contains("Go on exactly after its last character");
    }

    @Test
    void prefixIsTheBeginningOfTheAnswer() {
        upstream.then(says("three"));

        ask(settings.with(Strategy.PREFIX), INTERRUPTED).untilEnd();

        JsonObject body = upstream.bodies.get(0);
        assertThat(body.getJsonArray("messages").getJsonObject(1))
                .isEqualTo(ChatMessages.message("assistant", "one two "));
        assertThat(body.getJsonArray("messages")).hasSize(2);
        assertThat(body.getBoolean("continue_final_message")).isTrue();
    }

    @Test
    void prefixIsRefusedInsideStructuredOutput() {
        ModelRequest structured = ModelRequest.plain("json");
        structured.options().put("text", new JsonObject("{\"format\": {\"type\": \"json_object\"}}"));

        assertThat(model(settings.with(Strategy.PREFIX)).strategy(structured)).isEqualTo(Strategy.NEW_ITEM);
        assertThat(model(settings.with(Strategy.EXACT)).strategy(structured)).isEqualTo(Strategy.EXACT);
    }

    @Test
    void exactStrategySkipsTheTextSoFarHoweverItIsChunked() {
        upstream.then(says("one", " two three", " four"));

        RecordedAnswer heard = ask(settings.with(Strategy.EXACT), INTERRUPTED).untilEnd();

        assertThat(heard.text()).isEqualTo("three four");
        assertThat(upstream.bodies.get(0).getJsonArray("messages")).hasSize(1);
    }

    @Test
    void exactFailsWhereTheAnswerIsAnotherOne() {
        upstream.then(says("one ", "too ", "many"));

        RecordedAnswer heard = ask(settings.with(Strategy.EXACT), INTERRUPTED);

        assertThat(heard.failed().isInterruption()).isFalse();
        assertThat(heard.events).isEmpty();
    }

    /** A shape has its own beginning, whoever's words it is asked for in. */
    @Test
    void guidedDecodingIsNoAnswerWithAGivenBeginning() {
        Model model = model(settings.with(Strategy.PREFIX));
        JsonObject guided = HELLO.json().copy();
        guided.getJsonObject("options").put("others", new JsonObject().put("guided_json", new JsonObject()));
        assertThat(model.strategy(HELLO)).isEqualTo(Strategy.PREFIX);
        assertThat(model.strategy(ModelRequest.of(guided))).isEqualTo(Strategy.NEW_ITEM);
    }

    private RecordedAnswer ask(UpstreamSettings config, ModelRequest request) {
        return RecordedAnswer.of(model(config).answer(request), Long.MAX_VALUE);
    }

    private Model model(UpstreamSettings config) {
        Backoff backoff = new Backoff(config.retries(), config.maxRetryDelay(), () -> 0);
        return new OpenAiModel(new Upstream(vertx, "openai", config, config.url()), backoff, config);
    }
}
