package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.Row;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChatChunksTest {
    private static final UUID RUN = UUID.fromString("01234567-89ab-7def-8123-456789abcdef");
    private static final JsonObject RESPONSE =
            new JsonObject().put("created_at", 7).put("model", "m");
    private static final String HEAD =
            "{\"id\":\"chatcmpl-0123456789ab7def8123456789abcdef\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\",\"choices\":[";

    private final StringBuilder out = new StringBuilder();

    @Test
    void textBeginsWithTheRoleAndEndsWithTheReason() {
        ChatChunks chunks = new ChatChunks(RUN, RESPONSE, false, -1);

        chunks.write(event(0, EventType.CREATED, "{}"), out);
        chunks.write(event(4, EventType.OUTPUT_TEXT_DELTA, "\"1 \""), out);
        chunks.write(event(9, EventType.COMPLETED, ended("completed", null)), out);

        assertThat(out)
                .hasToString("data: " + HEAD + choice("{\"role\":\"assistant\",\"content\":\"\"}", "null") + "]}\n\n"
                        + "id: 4\ndata: " + HEAD + choice("{\"content\":\"1 \"}", "null") + "]}\n\n"
                        + "id: 9\ndata: " + HEAD + choice("{}", "\"stop\"") + "]}\n\n"
                        + "data: [DONE]\n\n");
    }

    @Test
    void usageIsAChunkOfItsOwnWhereItWasAskedFor() {
        ChatChunks chunks = new ChatChunks(RUN, RESPONSE, true, -1);

        chunks.write(event(9, EventType.INCOMPLETE, ended("incomplete", "max_output_tokens")), out);

        assertThat(out.toString())
                .contains("\"finish_reason\":\"length\"}],\"usage\":null}")
                .contains("\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void whatTheClientHasIsNotSentAgain() {
        ChatChunks chunks = new ChatChunks(RUN, RESPONSE, false, 4);

        chunks.write(event(4, EventType.OUTPUT_TEXT_DELTA, "\"1 \""), out);
        chunks.write(event(5, EventType.OUTPUT_TEXT_DELTA, "\"2 \""), out);

        assertThat(out).hasToString("id: 5\ndata: " + HEAD + choice("{\"content\":\"2 \"}", "null") + "]}\n\n");
    }

    @Test
    void cutOffBetweenUsageAndTheEndLacksTheEndAlone() {
        ChatChunks chunks = new ChatChunks(RUN, RESPONSE, true, 9);

        chunks.write(event(9, EventType.COMPLETED, ended("completed", null)), out);

        assertThat(out).hasToString("data: [DONE]\n\n");
    }

    @Test
    void onlyCallsOfTheClientsToolsAreSent() {
        JsonObject response = new JsonObject(ended("completed", null)).getJsonObject("response");
        response.getJsonArray("output").add(call("ours", "c")).add(call("theirs", "c"));
        response.getJsonArray("output")
                .add(new JsonObject().put("type", "function_call_output").put("call_id", "c"));

        new ChatChunks(RUN, RESPONSE, false, -1)
                .write(
                        event(
                                9,
                                EventType.COMPLETED,
                                new JsonObject().put("response", response).encode()),
                        out);

        assertThat(out.toString())
                .contains(
                        "{\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"theirs\",\"arguments\":\"{}\"},\"index\":0}]}")
                .contains("\"finish_reason\":\"tool_calls\"")
                .doesNotContain("ours");
        assertThat(ChatCompletion.of(RUN, response).encode()).contains("theirs").doesNotContain("ours");
    }

    private static JsonObject call(String name, String id) {
        return new JsonObject()
                .put("type", "function_call")
                .put("call_id", id)
                .put("name", name)
                .put("arguments", "{}");
    }

    @Test
    void failureIsAnErrorAndNoEnd() {
        JsonObject response = new JsonObject()
                .put("status", "failed")
                .put("error", new JsonObject().put("code", "server_error").put("message", "broken"));

        new ChatChunks(RUN, RESPONSE, false, -1)
                .write(
                        event(
                                3,
                                EventType.FAILED,
                                new JsonObject().put("response", response).encode()),
                        out);

        assertThat(out)
                .hasToString(
                        "id: 3\ndata: {\"error\":{\"message\":\"broken\",\"type\":\"server_error\",\"param\":null,\"code\":\"server_error\"}}\n\n");
    }

    @Test
    void wholeCompletionHasTextReasonAndUsage() {
        JsonObject completion =
                ChatCompletion.of(RUN, new JsonObject(ended("completed", null)).getJsonObject("response"));

        assertThat(completion.getJsonArray("choices")).isEqualTo(new JsonArray("""
                        [{"index": 0, "message": {"role": "assistant", "content": "1 2", "refusal": null}, "logprobs": null, "finish_reason": "stop"}]"""));
        assertThat(completion.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(5);
    }

    @Test
    void failedRunIsNoCompletion() {
        JsonObject failed = new JsonObject()
                .put("status", "failed")
                .put(
                        "error",
                        new JsonObject().put("code", "rate_limit_exceeded").put("message", "slow down"));

        assertThatThrownBy(() -> ChatCompletion.of(RUN, failed))
                .isInstanceOfSatisfying(
                        ApiError.class, error -> assertThat(error.status()).isEqualTo(429));
    }

    private static String choice(String delta, String finish) {
        return "{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finish + "}";
    }

    private static LoggedEvent event(int seq, EventType type, String data) {
        return new LoggedEvent(new Row(seq, type, data), "msg", 0, 0, 0);
    }

    private static String ended(String status, @Nullable String reason) {
        JsonObject message =
                new JsonObject("{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"1 2\"}]}");
        JsonObject usage =
                new JsonObject().put("input_tokens", 3).put("output_tokens", 2).put("total_tokens", 5);
        return new JsonObject()
                .put(
                        "response",
                        RESPONSE.copy()
                                .put("status", status)
                                .put(
                                        "incomplete_details",
                                        reason == null ? null : new JsonObject().put("reason", reason))
                                .put("output", new JsonArray().add(message))
                                .put("usage", usage))
                .encode();
    }
}
