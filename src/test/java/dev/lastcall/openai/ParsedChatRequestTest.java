package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParsedChatRequestTest {
    @Test
    void messagesBecomeItems() {
        ParsedRequest order = read("""
                {'model': 'm', 'messages': [
                  {'role': 'system', 'content': 'be brief'},
                  {'role': 'user', 'content': [{'type': 'text', 'text': 'look'}, {'type': 'image_url', 'image_url': {'url': 'data:x', 'detail': 'low'}}]},
                  {'role': 'assistant', 'content': null, 'tool_calls': [{'id': 'c', 'type': 'function', 'function': {'name': 'f', 'arguments': '{}'}}]},
                  {'role': 'tool', 'tool_call_id': 'c', 'content': '1'},
                  {'role': 'assistant', 'content': 'one'}]}""");

        assertThat(order.input()).isEqualTo(new JsonArray("""
                        [{"type": "message", "role": "system", "content": [{"type": "input_text", "text": "be brief"}]},
                         {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "look"},
                            {"type": "input_image", "image_url": "data:x", "detail": "low"}]},
                         {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
                         {"type": "function_call_output", "call_id": "c", "output": "1"},
                         {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "one"}]}]"""));
        assertThat(order.mode().stored()).isFalse();
    }

    @Test
    void whatMeansNothingHereGoesToTheUpstreamUnchanged() {
        ParsedRequest order = read("""
                {'model': 'm', 'messages': [{'role': 'user', 'name': 'ann', 'content': 'x'}], 'top_k': 5, 'seed': 7, 'user': 'u', 'store': true,
                 'chat_template_kwargs': {'enable_thinking': false}, 'guided_json': {'type': 'object'}, 'stream': true, 'top_logprobs': null}""");

        assertThat(order.options()).isEqualTo(new JsonObject("""
                        {"seed": 7, "others": {"top_k": 5, "user": "u", "chat_template_kwargs": {"enable_thinking": false},
                         "guided_json": {"type": "object"}, "top_logprobs": null}}"""));
        assertThat(order.input().getJsonObject(0).getString("name")).isEqualTo("ann");
    }

    @Test
    void logProbabilitiesAreAskedFor() {
        ParsedRequest order =
                read("{'messages': [{'role': 'user', 'content': 'x'}], 'logprobs': true, 'top_logprobs': 2}");

        assertThat(Logprobs.areAskedFor(order)).isTrue();
        assertThat(order.options())
                .isEqualTo(new JsonObject("{\"others\": {\"logprobs\": true, \"top_logprobs\": 2}}"));
    }

    @Test
    void optionsGetTheNamesOfTheResponsesApi() {
        ParsedRequest order = read("""
                {'messages': [{'role': 'user', 'content': 'x'}], 'max_completion_tokens': 5, 'seed': 7, 'stop': ['a'], 'reasoning_effort': 'low',
                 'stream': true, 'stream_options': {'include_usage': true},
                 'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': {}}}],
                 'tool_choice': {'type': 'function', 'function': {'name': 'f'}},
                 'response_format': {'type': 'json_schema', 'json_schema': {'name': 's', 'schema': {}}}}""");

        assertThat(order.options()).isEqualTo(new JsonObject("""
                        {"max_output_tokens": 5, "seed": 7, "stop": ["a"], "reasoning": {"effort": "low"},
                         "tool_choice": {"type": "function", "name": "f"},
                         "text": {"format": {"type": "json_schema", "name": "s", "schema": {}}}}"""));
        assertThat(order.tools())
                .isEqualTo(new JsonArray("[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{}}]"));
        assertThat(order.usage()).isTrue();
        assertThat(order.mode().stream()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    {}                                                                  | messages
                    {'messages': []}                                                    | messages
                    {'messages': [{'content': 'x'}]}                                    | messages[0].role
                    {'messages': [{'role': 'user'}]}                                    | messages[0].content
                    {'messages': [{'role': 'tool', 'content': 'x'}]}                    | messages[0].tool_call_id
                    {'messages': [{'role': 'user', 'content': [{'type': 'input_audio'}]}]} | messages[0].content[0].type
                    {'messages': [{'role': 'user', 'content': 'x'}], 'n': 2}            | n
                    {'messages': [{'role': 'user', 'content': 'x'}], 'logprobs': 1}     | logprobs
                    {'messages': [{'role': 'user', 'content': 'x'}], 'top_logprobs': 2} | top_logprobs
                    {'messages': [{'role': 'user', 'content': 'x'}], 'logprobs': true, 'top_logprobs': 21} | top_logprobs
                    {'messages': [{'role': 'user', 'content': 'x'}], 'max_tokens': 0}   | max_tokens
                    {'messages': [{'role': 'user', 'content': 'x'}], 'tools': [{'type': 'function'}]} | tools[0].function
                    """)
    void invalidMemberIsNamed(String body, String param) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(ApiError.class, error -> assertThat(
                        error.json().getJsonObject("error").getString("param"))
                .isEqualTo(param));
    }

    private static ParsedRequest read(String body) {
        return ParsedChatRequest.of(new JsonObject(body.replace('\'', '"')));
    }
}
