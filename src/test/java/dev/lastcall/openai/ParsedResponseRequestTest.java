package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParsedResponseRequestTest {
    @Test
    void textIsOneMessageOfTheUsers() {
        ParsedRequest order = read("{'model': 'm', 'input': 'hello'}");

        assertThat(order.input())
                .isEqualTo(json(
                        "[{'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'hello'}]}]"));
        assertThat(order.mode()).isEqualTo(new ParsedRequest.Mode(false, false, true));
        assertThat(order.echo())
                .isEqualTo(new JsonObject(
                        "{\"model\":\"m\",\"tools\":[],\"metadata\":{},\"background\":false,\"store\":true}"));
    }

    @Test
    void itemsMayBeAbbreviatedOrWhole() {
        ParsedRequest order = read("""
                {'instructions': 'be brief', 'input': [
                  {'role': 'user', 'content': 'hi'},
                  {'role': 'assistant', 'content': 'ho'},
                  {'type': 'message', 'role': 'user', 'content': [{'type': 'input_image', 'image_url': 'data:x'}]},
                  {'type': 'function_call', 'call_id': 'c', 'name': 'f', 'arguments': '{}'},
                  {'type': 'function_call_output', 'call_id': 'c', 'output': '1'}]}""");

        assertThat(order.instructions()).isEqualTo("be brief");
        assertThat(order.input()).isEqualTo(json("""
                        [{'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'hi'}]},
                         {'type': 'message', 'role': 'assistant', 'content': [{'type': 'output_text', 'text': 'ho'}]},
                         {'type': 'message', 'role': 'user', 'content': [{'type': 'input_image', 'image_url': 'data:x'}]},
                         {'type': 'function_call', 'call_id': 'c', 'name': 'f', 'arguments': '{}'},
                         {'type': 'function_call_output', 'call_id': 'c', 'output': '1'}]"""));
    }

    @Test
    void optionsAreThoseThatTheClientGave() {
        ParsedRequest order = read("""
                {'input': 'x', 'temperature': 0, 'top_p': null, 'max_output_tokens': 50, 'tool_choice': {'type': 'function', 'name': 'f'},
                 'tools': [{'type': 'function', 'name': 'f', 'parameters': {}}], 'text': {'format': {'type': 'json_object'}}}""");

        assertThat(order.options()).isEqualTo(new JsonObject("""
                        {"temperature": 0, "max_output_tokens": 50, "tool_choice": {"type": "function", "name": "f"},
                         "text": {"format": {"type": "json_object"}}}"""));
        assertThat(order.echo().getJsonArray("tools").getJsonObject(0).getBoolean("strict"))
                .isTrue();
        assertThat(order.tools().getJsonObject(0).containsKey("strict")).isFalse();
    }

    @Test
    void logProbabilitiesAreAskedForInAChatsWords() {
        assertThat(read("{'input': 'x', 'include': ['message.output_text.logprobs'], 'top_logprobs': 0}")
                        .options())
                .isEqualTo(new JsonObject("{\"others\": {\"logprobs\": true}}"));
        ParsedRequest several = read("{'input': 'x', 'top_logprobs': 3}");
        assertThat(several.options())
                .isEqualTo(new JsonObject("{\"others\": {\"logprobs\": true, \"top_logprobs\": 3}}"));
        assertThat(several.echo().getInteger("top_logprobs")).isEqualTo(3);
        assertThat(Logprobs.areAskedFor(read("{'input': 'x', 'top_logprobs': 0}")))
                .isFalse();
    }

    /** Clients send items back as they got them, and as their SDKs have completed them. */
    @Test
    void itemsOfAnAnswerMayComeBack() {
        assertThat(read("""
                {'input': [
                  {'role': 'user', 'content': [{'type': 'input_text', 'text': 'x', 'prompt_cache_breakpoint': {}}]},
                  {'type': 'reasoning', 'id': 'rs', 'summary': [], 'content': [{'type': 'reasoning_text', 'text': 'x'}], 'status': 'completed', 'encrypted_content': null},
                  {'type': 'message', 'id': 'msg', 'role': 'assistant', 'status': 'completed', 'phase': null,
                   'content': [{'type': 'output_text', 'text': 'x', 'annotations': [], 'logprobs': [], 'parsed': {}}, {'type': 'refusal', 'refusal': 'x'}]},
                  {'type': 'mcp_call', 'id': 'mcp_1', 'call_id': 'c', 'name': 'f', 'arguments': '{}', 'server_label': 'x', 'output': 'x', 'error': null, 'status': 'completed'},
                  {'type': 'function_call', 'id': 'fc', 'call_id': 'c', 'name': 'f', 'arguments': '{}', 'parsed_arguments': {}, 'status': 'completed'},
                  {'type': 'function_call_output', 'call_id': 'c', 'output': '1', 'id': 'fco', 'status': 'completed'}]}""").input()).hasSizeGreaterThan(5);
    }

    @Test
    void earlierItemsComeBeforeTheInput() {
        JsonObject request = read("{'input': 'b'}").request(new JsonArray().add(InputItems.message("user", "a")));

        assertThat(request.getJsonArray("input"))
                .containsExactly(InputItems.message("user", "a"), InputItems.message("user", "b"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    {}                                                          | input
                    {'input': 7}                                                | input
                    {'input': ['x']}                                            | input[0]
                    {'input': [{'content': 'x'}]}                               | input[0].role
                    {'input': [{'role': 'robot', 'content': 'x'}]}              | input[0].role
                    {'input': [{'role': 'user'}]}                               | input[0].content
                    {'input': [{'role': 'user', 'content': [{'type': 'input_text'}]}]} | input[0].content[0].text
                    {'input': [{'role': 'user', 'content': [{'type': 'video'}]}]} | input[0].content[0].type
                    {'input': [{'type': 'item_reference'}]}                     | input[0].id
                    {'input': [{'type': 'reasoning', 'content': 'x'}]}          | input[0].content
                    {'input': [{'type': 'reasoning', 'content': [null]}]}       | input[0].content[0]
                    {'input': [{'type': 'reasoning', 'content': [{}]}]}         | input[0].content[0].text
                    {'input': [{'type': 'reasoning', 'encrypted_content': 7}]}  | input[0].encrypted_content
                    {'input': [{'role': 'user', 'content': 'x', 'contnet': 'y'}]} | input[0].contnet
                    {'input': [{'role': 'user', 'content': [{'type': 'input_text', 'text': 'x', 'txt': 1}]}]} | input[0].content[0].txt
                    {'input': [{'type': 'function_call', 'call_id': 'c', 'name': 'f', 'arguments': '{}', 'argument': ''}]} | input[0].argument
                    {'input': [{'type': 'function_call_output', 'call_id': 'c', 'output': 'x', 'outputs': 1}]} | input[0].outputs
                    {'input': [{'type': 'item_reference', 'id': 'msg_1', 'role': 'user'}]} | input[0].role
                    {'input': 'x', 'top_logprobs': 21}                          | top_logprobs
                    {'input': 'x', 'metadata': {'k': null}}                     | metadata.k
                    {'input': 'x', 'reasoning': {'efort': 'low'}}               | reasoning.efort
                    {'input': 'x', 'text': {'verbose': 'low'}}                  | text.verbose
                    {'input': 'x', 'text': {'format': {'type': 'text', 'x': 1}}} | text.format.x
                    {'input': [{'type': 'computer_call', 'id': 'x'}]}           | input[0].type
                    {'input': [{'type': 'function_call', 'name': 'f'}]}         | input[0].call_id
                    {'input': 'x', 'model': 7}                                  | model
                    {'input': 'x', 'stream': 'yes'}                             | stream
                    {'input': 'x', 'temperature': 3}                            | temperature
                    {'input': 'x', 'max_output_tokens': 0}                      | max_output_tokens
                    {'input': 'x', 'max_output_tokens': 1.5}                    | max_output_tokens
                    {'input': 'x', 'tools': [{'type': 'web_search'}]}           | tools[0].type
                    {'input': 'x', 'tools': [{'type': 'function'}]}             | tools[0].name
                    {'input': 'x', 'tool_choice': 'always'}                     | tool_choice
                    {'input': 'x', 'metadata': {'a': 1}}                        | metadata.a
                    {'input': 'x', 'background': true, 'store': false}          | background
                    {'input': 'x', 'conversation': 'c'}                         | conversation
                    """)
    void invalidMemberIsNamed(String body, String param) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(ApiError.class, error -> {
            assertThat(error.status()).isEqualTo(400);
            assertThat(error.json().getJsonObject("error").getString("type")).isEqualTo("invalid_request_error");
            assertThat(error.json().getJsonObject("error").getString("param")).isEqualTo(param);
        });
    }

    private static ParsedRequest read(String body) {
        return ParsedResponseRequest.of(new JsonObject(body.replace('\'', '"')));
    }

    private static JsonArray json(String array) {
        return new JsonArray(array.replace('\'', '"'));
    }
}
