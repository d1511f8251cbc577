package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.model.StandIn;
import dev.lastcall.testing.Pod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An upstream of the model that refuses, breaks off, or has habits of its own, seen by the clients of the packaged application. */
class RudeModelIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static StandIn upstream;
    private static Pod pod;

    @BeforeAll
    static void start() throws Exception {
        upstream = StandIn.start();
        pod = Pod.start(Map.of(
                "lastcall.model.openai.base-url", upstream.url(),
                "lastcall.model.openai.model", "stand-in",
                "lastcall.model.openai.retries", "1",
                "lastcall.model.\"big-1.5\".base-url", upstream.url(),
                "lastcall.model.\"big-1.5\".model", "theirs",
                "lastcall.model.\"big-1.5\".api-key", "sk-big"));
    }

    @AfterAll
    static void stop() {
        pod.close();
        upstream.close();
    }

    @Test
    void answerThatBreaksOffEachTimeIsAskedForFourTimesAndFails() throws Exception {
        upstream.only(StandIn.endsAfter("tick "));
        HttpResponse<String> chat = chat();
        assertThat(upstream.bodies).hasSize(4);
        assertThat(chat.statusCode()).isEqualTo(502);
        assertThat(chat.body()).contains("ended in the middle of its answer");

        upstream.only(StandIn.endsAfter("tick "));
        JsonObject response = new JsonObject(responses().body());
        assertThat(upstream.bodies).hasSize(4);
        assertThat(response.getString("status")).isEqualTo("failed");
    }

    @Test
    void refusalBeforeTheFirstTokenKeepsItsStatusAndCodeOnBothWires() throws Exception {
        refused(400, "context_length_exceeded", 400);
        refused(404, "model_not_found", 404);
        refused(413, "request_too_large", 413);
        refused(429, "rate_limit_exceeded", 429);
        refused(500, "server_error", 500);
        // Our key is not the client's business.
        refused(401, "invalid_api_key", 502);
    }

    /** OpenAI refuses so too: SDKs throw the error of that status, and send it again where it may be. */
    @Test
    void streamThatIsRefusedBeforeItsFirstTokenIsNoStream() throws Exception {
        upstream.only(StandIn.refuses(404, "no such model"));
        for (String stream : List.of("chat", "responses")) {
            HttpResponse<String> answer = stream.equals("chat")
                    ? post(
                            "/v1/chat/completions",
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true}")
                    : post("/v1/responses", "{\"input\":\"x\",\"stream\":true}");
            assertRefused(answer, 404, "model_not_found");
            assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        }
        HttpResponse<String> background =
                post("/v1/responses", "{\"input\":\"x\",\"stream\":true,\"background\":true}");
        assertThat(background.statusCode()).isEqualTo(200);
        assertThat(background.body()).contains("event: response.failed", "\"code\":\"model_not_found\"");
        // What has begun is a stream, and its failure an event.
        upstream.only(StandIn.endsAfter("tick "));
        HttpResponse<String> begun = post("/v1/responses", "{\"input\":\"x\",\"stream\":true}");
        assertThat(begun.statusCode()).isEqualTo(200);
        assertThat(begun.body()).contains("event: response.failed");
    }

    @Test
    void thoughtsAreReasoningOnBothWiresAndGoBackWhereTheyCameFrom() throws Exception {
        upstream.only(response -> {
            response.setChunked(true).putHeader("content-type", "text/event-stream");
            response.write(StandIn.event(StandIn.chunk(new JsonObject().put("reasoning_content", "hm"), null)));
            response.write(StandIn.event(StandIn.chunk(new JsonObject().put("content", "yes"), "stop")));
            response.end("data: [DONE]\n\n");
        });
        JsonObject message = new JsonObject(chat().body())
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message");
        assertThat(message.getString("content")).isEqualTo("yes");
        assertThat(message.getString("reasoning_content")).isEqualTo("hm");
        String chunks = post(
                        "/v1/chat/completions",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true}")
                .body();
        assertThat(chunks).contains("\"delta\":{\"reasoning_content\":\"hm\"}", "\"delta\":{\"content\":\"yes\"}");

        JsonObject first = new JsonObject(responses().body());
        assertThat(first.getJsonArray("output"))
                .extracting(item -> ((JsonObject) item).getString("type"))
                .containsExactly("reasoning", "message");
        upstream.only(StandIn.says("ok"));
        post(
                "/v1/responses",
                new JsonObject()
                        .put("input", "and?")
                        .put("previous_response_id", first.getString("id"))
                        .encode());
        assertThat(upstream.bodies.get(0).getJsonArray("messages").getJsonObject(1))
                .isEqualTo(new JsonObject()
                        .put("role", "assistant")
                        .put("content", "yes")
                        .put("reasoning_content", "hm"));
    }

    @Test
    void modelOfItsOwnUpstreamIsAskedByItsOwnNameAndKey() throws Exception {
        upstream.only(StandIn.says("ok"));
        upstream.headers.clear();
        HttpResponse<String> answer = post("/v1/responses", "{\"model\":\"big-1.5\",\"input\":\"hi\"}");
        assertThat(new JsonObject(answer.body()).getString("model")).isEqualTo("big-1.5");
        assertThat(upstream.bodies.get(0).getString("model")).isEqualTo("theirs");
        assertThat(upstream.headers).contains(Map.entry("authorization", "Bearer sk-big"));
    }

    private static void refused(int status, String code, int expected) throws Exception {
        JsonObject error = new JsonObject().put("message", "no").put("code", code);
        Consumer<HttpServerResponse> refusal = response -> response.setStatusCode(status)
                .end(new JsonObject().put("error", error).encode());
        upstream.only(refusal);
        String seen = expected == status ? code : "server_error";
        assertThat(chat()).satisfies(answer -> assertRefused(answer, expected, seen));
        if (expected == status) {
            upstream.only(refusal);
            assertThat(responses()).satisfies(answer -> assertRefused(answer, expected, seen));
        }
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("code"))
                .isEqualTo(code);
    }

    @Test
    void serverThatDoesNotStreamIsUnderstood() throws Exception {
        JsonObject message = new JsonObject().put("role", "assistant").put("content", "all at once");
        JsonObject whole = new JsonObject()
                .put(
                        "choices",
                        new JsonArray()
                                .add(new JsonObject().put("message", message).put("finish_reason", "stop")));
        upstream.only(response -> response.putHeader("content-type", "application/json; charset=utf-8")
                .end(whole.encode()));
        assertThat(chat().body()).contains("\"content\":\"all at once\"");
    }

    @Test
    void callThatTheLimitCutsIsIncomplete() throws Exception {
        upstream.only(response -> {
            response.setChunked(true).putHeader("content-type", "text/event-stream");
            response.write(StandIn.event(StandIn.chunk(StandIn.call(0, "a", "f", "{\"x\":[1,"), "length")));
            response.end("data: [DONE]\n\n");
        });
        JsonObject response = new JsonObject(responses().body());
        assertThat(response.getString("status")).isEqualTo("incomplete");
        JsonObject call = response.getJsonArray("output").getJsonObject(0);
        assertThat(call.getString("type")).isEqualTo("function_call");
        assertThat(call.getString("status")).isEqualTo("incomplete");
    }

    @Test
    void logProbabilitiesAreOnBothWires() throws Exception {
        JsonObject token =
                new JsonObject().put("token", "yes").put("logprob", -0.5).put("bytes", new JsonArray("[121,101,115]"));
        JsonArray given = new JsonArray().add(token.copy().put("top_logprobs", new JsonArray().add(token)));
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("delta", new JsonObject().put("content", "yes"))
                .put("finish_reason", "stop")
                .put("logprobs", new JsonObject().put("content", given));
        upstream.only(StandIn.sends(
                StandIn.event(new JsonObject().put("choices", new JsonArray().add(choice))) + "data: [DONE]\n\n"));

        String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"logprobs\":true,\"top_logprobs\":1";
        JsonObject whole =
                new JsonObject(post("/v1/chat/completions", chat + "}").body());
        assertThat(whole.getJsonArray("choices").getJsonObject(0).getJsonObject("logprobs"))
                .isEqualTo(new JsonObject().put("content", given).putNull("refusal"));
        assertThat(upstream.bodies.get(0).getBoolean("logprobs")).isTrue();
        assertThat(upstream.bodies.get(0).getInteger("top_logprobs")).isOne();
        assertThat(post("/v1/chat/completions", chat + ",\"stream\":true}").body())
                .contains("\"logprobs\":{\"content\":" + given.encode() + ",\"refusal\":null}");
        JsonObject response = new JsonObject(post(
                        "/v1/responses",
                        "{\"input\":\"x\",\"include\":[\"message.output_text.logprobs\"],\"top_logprobs\":1}")
                .body());
        assertThat(response.getJsonArray("output")
                        .getJsonObject(0)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getJsonArray("logprobs"))
                .isEqualTo(given);
        assertThat(upstream.bodies).hasSize(3).allMatch(body -> body.getBoolean("logprobs"));
    }

    @Test
    void addressThatServesNoChatCompletionsIsNoMissingModel() throws Exception {
        upstream.only(response -> response.setStatusCode(404).end("{\"detail\":\"Not Found\"}"));
        HttpResponse<String> answer = chat();
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("base-url").doesNotContain("model_not_found");
    }

    @Test
    void fieldsOfTheUpstreamsOwnGoThrough() throws Exception {
        upstream.only(StandIn.says("ok"));
        chat();
        assertThat(upstream.bodies.get(0).getInteger("top_k")).isEqualTo(5);
        assertThat(upstream.bodies.get(0).getBoolean("stream")).isTrue();
    }

    private static HttpResponse<String> chat() throws Exception {
        return post("/v1/chat/completions", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"top_k\":5}");
    }

    private static HttpResponse<String> responses() throws Exception {
        return post("/v1/responses", "{\"input\":\"hi\"}");
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(pod.http(path))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
