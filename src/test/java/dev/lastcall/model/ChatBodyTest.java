package dev.lastcall.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChatBodyTest {
    @Test
    void itemsBecomeMessages() {
        JsonArray input = new JsonArray("""
                [{"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "be "}, {"type": "input_text", "text": "brief"}]},
                 {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "what is it?"},
                    {"type": "input_image", "image_url": "data:image/png;base64,AA", "detail": "low"}]},
                 {"type": "reasoning", "id": "rs_1"},
                 {"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"},
                 {"type": "function_call", "call_id": "c2", "name": "g", "arguments": "{}"},
                 {"type": "function_call_output", "call_id": "c1", "output": "1"},
                 {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "2"}]},
                 {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a dot"}]}]""");

        assertThat(ChatMessages.of("be kind", input, "")).isEqualTo(new JsonArray("""
                        [{"role": "system", "content": "be kind"},
                         {"role": "system", "content": "be brief"},
                         {"role": "user", "content": [{"type": "text", "text": "what is it?"},
                            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA", "detail": "low"}}]},
                         {"role": "assistant", "content": null, "tool_calls": [
                            {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                            {"id": "c2", "type": "function", "function": {"name": "g", "arguments": "{}"}}]},
                         {"role": "tool", "content": "1", "tool_call_id": "c1"},
                         {"role": "tool", "content": "2", "tool_call_id": "c2"},
                         {"role": "assistant", "content": "a dot"}]"""));
    }

    @Test
    void othersAreMembersUnlessTheyAreOurs() {
        JsonObject options = new JsonObject("{\"others\": {\"top_k\": 5, \"stream\": false, \"messages\": []}}");
        JsonArray input = new JsonArray("""
                [{"type": "message", "role": "user", "name": "ann", "content": [{"type": "input_text", "text": "x"}]}]""");
        ModelRequest request = new ModelRequest("m", null, input, new JsonArray(), options, null);

        assertThat(ChatBody.of(request, Strategy.NEW_ITEM, null, "max_tokens", ""))
                .isEqualTo(new JsonObject("""
                        {"stream": true, "stream_options": {"include_usage": true}, "top_k": 5,
                         "messages": [{"role": "user", "name": "ann", "content": "x"}]}"""));
    }

    @Test
    void optionsGetTheNamesOfTheOtherWire() {
        JsonObject options = new JsonObject("""
                {"temperature": 0.5, "top_p": null, "max_output_tokens": 9, "parallel_tool_calls": false, "reasoning": {"effort": "low"},
                 "tool_choice": {"type": "function", "name": "f"},
                 "text": {"verbosity": "low", "format": {"type": "json_schema", "name": "s", "schema": {}, "strict": true}}}""");
        JsonArray tools =
                new JsonArray("[{\"type\": \"function\", \"name\": \"f\", \"parameters\": {}, \"strict\": true}]");
        ModelRequest request = new ModelRequest("m", null, new JsonArray(), tools, options, null);

        JsonObject body = ChatBody.of(request, Strategy.NEW_ITEM, null, "max_completion_tokens", "");

        assertThat(body).isEqualTo(new JsonObject("""
                        {"stream": true, "stream_options": {"include_usage": true}, "messages": [], "temperature": 0.5,
                         "max_completion_tokens": 9, "parallel_tool_calls": false, "reasoning_effort": "low", "verbosity": "low",
                         "tools": [{"type": "function", "function": {"name": "f", "parameters": {}, "strict": true}}],
                         "tool_choice": {"type": "function", "function": {"name": "f"}},
                         "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": {}, "strict": true}}}"""));
    }

    @Test
    void continuationAsksForTheRemainingTokensAndAtLeastOne() {
        ModelRequest request = ModelRequest.plain("hello").continuing(new Continuation("one two ", 2));
        request.options().put("max_output_tokens", 5);

        assertThat(limit(request, Strategy.NEW_ITEM)).isEqualTo(3);
        assertThat(limit(request, Strategy.EXACT)).isEqualTo(5);
        request.options().put("max_output_tokens", 2);
        assertThat(limit(request, Strategy.PREFIX)).isEqualTo(1);
    }

    private static int limit(ModelRequest request, Strategy strategy) {
        return ChatBody.of(request, strategy, null, "max_tokens", "").getInteger("max_tokens");
    }

    /** Some servers require their thoughts between tool calls; another server's are none of its business. */
    @Test
    void thoughtsGoBackToWhereTheyCameFromInTheirForm() {
        assertThat(assistant("reasoning_content", null)).isEqualTo(new JsonObject("""
                {"role":"assistant","content":"yes","reasoning_content":"hm"}"""));
        assertThat(assistant("thinking", null)).isEqualTo(new JsonObject("""
                {"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"yes"}]}"""));
        assertThat(assistant("reasoning_details", new JsonArray().add(new JsonObject().put("data", "x"))))
                .isEqualTo(new JsonObject("""
                {"role":"assistant","content":"yes","reasoning_details":[{"data":"x"}]}"""));
        assertThat(ChatMessages.of(null, history("reasoning", null), "other").getJsonObject(0))
                .isEqualTo(new JsonObject("""
                {"role":"assistant","content":"yes"}"""));
    }

    private static JsonObject assistant(String field, @Nullable JsonArray details) {
        return ChatMessages.of(null, history(field, details), "openai").getJsonObject(0);
    }

    private static JsonArray history(String field, @Nullable JsonArray details) {
        String origin = new ReasoningOrigin("openai", field, details).encode();
        return new JsonArray("""
                [{"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"hm"}],"encrypted_content":"%s"},
                 {"type":"message","role":"assistant","content":[{"type":"output_text","text":"yes"}]}]""".formatted(origin));
    }

    @Test
    void toolsThatAreNotAllowedAreNotOffered() {
        JsonObject request = ModelRequest.plain("x").json();
        request.put("tools", new JsonArray("""
                [{"type":"function","name":"f"},{"type":"function","name":"g"}]"""));
        request.getJsonObject("options").put("tool_choice", new JsonObject("""
                {"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"g"}]}"""));
        JsonObject body = ChatBody.of(ModelRequest.of(request), Strategy.NEW_ITEM, null, "max_tokens", "");
        assertThat(body.getJsonArray("tools").encode()).contains("\"g\"").doesNotContain("\"f\"");
        assertThat(body.getString("tool_choice")).isEqualTo("required");
    }
}
