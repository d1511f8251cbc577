package dev.lastcall.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatStreamTest {
    private final List<ModelEvent> heard = new ArrayList<>();
    private final ChatStream stream = new ChatStream(heard::add);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void bytesMayBeCutAnywhere(int size) {
        Buffer bytes =
                Buffer.buffer("id: 1\r\n" + text("é👩 ") + "\n: ping\n" + text("x") + stop() + "data: [DONE]\n\n");

        for (int i = 0; i < bytes.length(); i += size) {
            stream.read(bytes.getBuffer(i, Math.min(bytes.length(), i + size)));
        }

        assertThat(heard)
                .containsExactly(
                        new ModelEvent.Text("é👩 "),
                        new ModelEvent.Text("x"),
                        new ModelEvent.Finish(FinishReason.STOP, null));
    }

    @Test
    void halvesOfACharacterAreJoined() {
        stream.read(Buffer.buffer("""
                data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}

                data: {"choices":[{"delta":{"content":"\\ude00b"}}]}

                """));

        assertThat(heard).containsExactly(new ModelEvent.Text("a"), new ModelEvent.Text("😀b"));
    }

    @Test
    void halvesThatStayAloneAreReplaced() {
        stream.read(Buffer.buffer("""
                data: {"choices":[{"delta":{"reasoning":"a\\ud83d"}}]}

                data: {"choices":[{"delta":{"content":"b\\ud83d"}}]}

                data: {"choices":[{"delta":{"content":"c\\ude00d\\ud83d"},"finish_reason":"stop"}]}

                data: [DONE]

                """));

        assertThat(heard)
                .startsWith(new ModelEvent.Reasoning("a"), new ModelEvent.Reasoning("\uFFFD"))
                .endsWith(
                        new ModelEvent.Text("b"),
                        new ModelEvent.Text("\uFFFDc\uFFFDd"),
                        new ModelEvent.Text("\uFFFD"),
                        new ModelEvent.Finish(FinishReason.STOP, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "\"\"", "7", "true", "{}", "[]", "[null]", "{\"choices\":null}", "{\"choices\":[null]}"})
    void valueThatSaysNothingIsPassedOver(String data) {
        stream.read(Buffer.buffer(text("a") + "data: " + data + "\n\n" + text("b") + stop()));
        stream.end();

        assertThat(heard)
                .containsExactly(
                        new ModelEvent.Text("a"),
                        new ModelEvent.Text("b"),
                        new ModelEvent.Finish(FinishReason.STOP, null));
    }

    @Test
    void logProbabilitiesComeWithTheirText() {
        String rain =
                "{\"token\":\"rain\",\"logprob\":-0.5,\"bytes\":null,\"top_logprobs\":[{\"token\":\"r\",\"logprob\":-1}, 7]}";
        String half = "{\"token\":\"\",\"logprob\":-2,\"bytes\":[240,159],\"more\":1}";
        stream.read(Buffer.buffer("data: {\"choices\":[{\"delta\":{\"content\":\"rain\"},\"logprobs\":{\"content\":["
                + rain
                + "]}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"\"},\"logprobs\":{\"content\":[" + half
                + ", null, {\"token\":1}]}}]}\n\n" + text("x") + text("y") + stop()));
        stream.end();

        assertThat(heard)
                .containsExactly(
                        new ModelEvent.Text(
                                "rain",
                                new JsonArray(
                                        "[{\"token\":\"rain\",\"logprob\":-0.5,\"bytes\":[114,97,105,110],\"top_logprobs\":[{\"token\":\"r\",\"logprob\":-1,\"bytes\":[114]}]}]")),
                        new ModelEvent.Text(
                                "x",
                                new JsonArray(
                                        "[{\"token\":\"\",\"logprob\":-2,\"bytes\":[240,159],\"top_logprobs\":[]}]")),
                        new ModelEvent.Text("y"),
                        new ModelEvent.Finish(FinishReason.STOP, null));
    }

    @Test
    void repeatedAnswerGivesTheProbabilitiesOfWhatIsLeft() {
        JsonArray both = new JsonArray("[{\"token\":\"one \"},{\"token\":\"two \"}]");
        new Repetition(new Continuation("one ", 1), heard::add).accept(new ModelEvent.Text("one two ", both));

        assertThat(heard).containsExactly(new ModelEvent.Text("two ", new JsonArray("[{\"token\":\"two \"}]")));
    }

    @Test
    void callsThatComeInterleavedAreToldApart() {
        stream.read(Buffer.buffer(StandIn.event(StandIn.chunk(StandIn.call(1, "b", "g", "{\"x\""), null))
                + StandIn.event(StandIn.chunk(StandIn.call(0, "a", "f", ""), null))
                + StandIn.event(StandIn.chunk(StandIn.call(1, null, null, ":1}"), "tool_calls"))
                + "data: [DONE]\n\n"));

        assertThat(heard)
                .containsExactly(
                        new ModelEvent.ToolCall("a", "f", "{}"),
                        new ModelEvent.ToolCall("b", "g", "{\"x\":1}"),
                        new ModelEvent.Finish(FinishReason.TOOL_CALLS, null));
    }

    @Test
    void lineWithoutEndIsRefusedBeforeItFillsTheMemory() {
        Buffer part = Buffer.buffer("x".repeat(1 << 19));

        stream.read(part.copy());
        stream.read(part.copy());

        assertThatThrownBy(() -> stream.read(part.copy())).isInstanceOf(ModelFailure.class);
    }

    /** The habits of servers that are not OpenAI's: the text arrives, and the answer is whole. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFFdata: {C}\n\ndata: {S}\n\n",
                "data: {C}\r\rdata: {S}\r\r",
                "data:{C}\r\n\r\ndata:{S}\r\n\r\n",
                "data:\n\ndata: {C}\n\ndata: {S}\n\n",
                "data\n\nretry: 5\nid\ndata: {C}\n\ndata: {S}\n\n",
                "data: {C}\n\ndata: {S}",
                "data: {C}\n\ndata: {S}\n",
                "data: {C}\ndata: {S}\ndata: [DONE]\n",
                "event: message\ndata: {C}\n\ndata: [DONE]\n\n",
                "data: {C}\n\ndata: {E}\n\ndata: [DONE]\n\n",
                "data: {C}\n\ndata: {S}\n\ndata: {\"error\":{\"message\":\"late\"}}\n\n",
                "data: {C}\n\ndata: {S}\n\nerror: {\"message\":\"late\"}\n\n",
                "data: {C}\n\ndata: {S}\n\ndata: {not json\n\n",
            })
    void answerOfAnyServerIsRead(String form) {
        String chunk =
                StandIn.chunk(new JsonObject().put("content", "tick"), null).encode();
        String stop = StandIn.chunk(new JsonObject(), "stop").encode();
        String empty = StandIn.chunk(new JsonObject(), "").encode();
        Buffer bytes =
                Buffer.buffer(form.replace("{C}", chunk).replace("{S}", stop).replace("{E}", empty));
        for (int i = 0; i < bytes.length(); i += 3) {
            stream.read(bytes.getBuffer(i, Math.min(bytes.length(), i + 3)));
        }
        stream.end();
        assertThat(heard).containsExactly(new ModelEvent.Text("tick"), new ModelEvent.Finish(FinishReason.STOP, null));
    }

    @Test
    void eventOfSeveralLinesIsOneChunk() {
        stream.read(Buffer.buffer("data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"a\"}}]}\n\n"));
        assertThat(heard).containsExactly(new ModelEvent.Text("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: {\"error\":{\"message\":\"no\"}}\n\n",
                "data: {\"error\":\"no\"}\n\n",
                "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n",
                "error: {\"code\":500,\"message\":\"no\"}\n\n",
                "event: error\ndata: {\"message\":\"no\"}\n\n",
                "event: error\ndata: no\n\n",
                "data: {not json\n\n",
                "data: 1\n\n",
                "data: {\"choices\":1}\n\n",
            })
    void brokenAnswerIsAnInterruption(String rest) {
        assertThatThrownBy(() -> {
                    stream.read(Buffer.buffer(text("a") + rest));
                    stream.end();
                })
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.isInterruption())
                        .isTrue());
        assertThat(heard).containsExactly(new ModelEvent.Text("a"));
        assertThat(stream.finishBroken()).isFalse();
    }

    @Test
    void connectionThatBreaksBehindTheReasonBreaksNothing() {
        stream.read(Buffer.buffer(text("a") + stop()));
        assertThat(stream.finishBroken()).isTrue();
        assertThat(heard).endsWith(new ModelEvent.Finish(FinishReason.STOP, null));
    }

    @Test
    void wholeCompletionIsOneChunk() {
        stream.read(Buffer.buffer("""
                \uFEFF
                {"object":"chat.completion","choices":[{"index":0,"finish_reason":"length","message":
                {"role":"assistant","content":"""));
        stream.read(Buffer.buffer("""
                "all at once"}}],"usage":{"prompt_tokens":1,"completion_tokens":3}}"""));
        stream.end();
        assertThat(heard)
                .containsExactly(
                        new ModelEvent.Text("all at once"),
                        new ModelEvent.Finish(FinishReason.LENGTH, new Usage(1, 0, 3, 0)));
    }

    /** A JSON value that is no completion is no empty answer either; the failure says what the server said. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"detail":"nope"}                                                | nope
            {"detail":[{"loc":["body"],"msg":"field required"}]}             | field required
            [{"error":{"code":400,"message":"bad","status":"INVALID"}}]      | bad
            {"object":"error","message":"too long","code":400}               | too long
            {}                                                               | failed
            null                                                             | sent what is no
            <html>ok</html>                                                  | sent what is no
            """)
    void jsonValueThatIsNoCompletionIsAFailure(String json, String said) {
        assertThatThrownBy(() -> {
                    stream.read(Buffer.buffer(json));
                    stream.end();
                })
                .isInstanceOf(ModelFailure.class)
                .hasMessageContaining(said);
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"error\":{\"code\":400,\"message\":\"no\"}}]",
                "{\"object\":\"error\",\"message\":\"no\",\"type\":\"BadRequestError\",\"code\":400}"
            })
    void errorThatEndsWithDoneIsStillOne(String error) {
        assertThatThrownBy(() -> stream.read(Buffer.buffer("data: " + error + "\n\ndata: [DONE]\n\n")))
                .isInstanceOf(ModelFailure.class)
                .hasMessageEndingWith("400: no");
    }

    /** Members that the answer does not need: they cost none of it, whatever they are; a member that is null is none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[null]}",
                "{\"choices\":null,\"usage\":7}",
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":null,\"completion_tokens\":\"7\",\"prompt_tokens_details\":[]}}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[null],\"refusal\":false,\"function_call\":[]}}]}",
                "{\"choices\":[{\"delta\":{\"content\":[null,{\"type\":null},{\"text\":null},{\"type\":\"thinking\",\"thinking\":[null,{\"text\":null}]}]}}]}",
                "{\"choices\":[{\"delta\":{\"reasoning_details\":{\"a\":1}}}]}",
                "{\"choices\":[{\"delta\":{\"reasoning_details\":[null,7]}}]}",
                "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"another\"},\"finish_reason\":\"length\"}]}",
                "[{\"id\":\"x\"}]"
            })
    void membersThatAreNotNeededArePassedOver(String chunk) {
        stream.read(Buffer.buffer(text("a") + "data: " + chunk + "\n\n" + text("b") + stop() + "data: [DONE]\n\n"));

        assertThat(heard.stream()
                        .filter(event -> !(event instanceof ModelEvent.Reasoned))
                        .map(event -> event instanceof ModelEvent.Finish end ? end.reason() : event))
                .containsExactly(new ModelEvent.Text("a"), new ModelEvent.Text("b"), FinishReason.STOP);
    }

    @Test
    void detailsWithoutATextAreNoThought() {
        stream.read(Buffer.buffer("""
                data: {"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.encrypted","text":null,"summary":null,"data":"z"}]}}]}

                """ + text("a")));

        assertThat(heard).noneMatch(ModelEvent.Reasoning.class::isInstance).hasSize(2);
    }

    /** Pieces that name neither a place nor a call, as some servers send them: linear in their number, and bounded. */
    @Test
    void longArgumentsInShortPiecesTakeNoTimeAndEndlessOnesAreRefused() {
        String piece = StandIn.event(StandIn.chunk(
                new JsonObject("{\"tool_calls\":[{\"function\":{\"arguments\":\"" + "z".repeat(8) + "\"}}]}"), null));
        stream.read(Buffer.buffer(StandIn.event(StandIn.chunk(StandIn.call(0, "a", "f", "{\"x\":\""), null))));

        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 60_000; i++) {
                stream.read(Buffer.buffer(piece));
            }
        });
        String large = StandIn.event(StandIn.chunk(StandIn.call(0, null, null, "z".repeat(1 << 19)), null));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 9; i++) {
                        stream.read(Buffer.buffer(large));
                    }
                })
                .isInstanceOf(ModelFailure.class)
                .hasMessageContaining("arguments");
    }

    /** The four ways in which servers write what the model thinks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"reasoning_content\":\"h\"} | {\"reasoning_content\":\"m\"} | reasoning_content",
                "{\"reasoning\":\"h\",\"content\":null} | {\"reasoning\":\"m\",\"reasoning_content\":null} | reasoning",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"h\"}]}]} | {\"content\":[{\"type\":\"thinking\",\"thinking\":\"m\"}]} | thinking",
                "{\"reasoning\":\"h\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"h\"}]} | {\"reasoning_details\":[{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"m\",\"signature\":\"s\"}]} | reasoning_details"
            })
    void thoughtsAreReasoningHoweverTheyAreWritten(String first, String second, String field) {
        for (String delta : List.of(first, second, "{\"content\":\"yes\"}")) {
            stream.read(Buffer.buffer(StandIn.event(StandIn.chunk(new JsonObject(delta), null))));
        }
        stream.read(Buffer.buffer(stop()));
        stream.end();

        assertThat(heard.subList(0, 2)).containsExactly(new ModelEvent.Reasoning("h"), new ModelEvent.Reasoning("m"));
        assertThat(heard.subList(3, heard.size()))
                .containsExactly(new ModelEvent.Text("yes"), new ModelEvent.Finish(FinishReason.STOP, null));
        ReasoningOrigin origin =
                Objects.requireNonNull(ReasoningOrigin.decode(((ModelEvent.Reasoned) heard.get(2)).origin()));
        assertThat(origin.field()).isEqualTo(field);
        assertThat(origin.details() == null ? null : origin.details().encode())
                .isEqualTo(
                        field.equals("reasoning_details")
                                ? "[{\"type\":\"reasoning.text\",\"index\":0,\"text\":\"hm\",\"signature\":\"s\"}]"
                                : null);
    }

    @Test
    void refusalIsNoText() {
        stream.read(Buffer.buffer(StandIn.event(StandIn.chunk(new JsonObject().put("refusal", "no"), "stop"))));
        stream.end();
        assertThat(heard.get(0)).isEqualTo(new ModelEvent.Refusal("no"));
    }

    @ParameterizedTest
    @MethodSource("odd")
    void callsAreToldApartHoweverTheyAreNumbered(String what, List<String> deltas, List<ModelEvent.ToolCall> calls) {
        deltas.forEach(delta -> stream.read(
                Buffer.buffer(StandIn.event(StandIn.chunk(new JsonObject("{\"tool_calls\":[" + delta + "]}"), null)))));
        stream.read(Buffer.buffer("data: [DONE]\n\n"));
        List<ModelEvent> expected = new ArrayList<>(calls);
        expected.add(new ModelEvent.Finish(FinishReason.TOOL_CALLS, null));
        assertThat(heard).as(what).containsExactlyElementsOf(expected);
    }

    static Stream<Arguments> odd() {
        List<ModelEvent.ToolCall> both = List.of(
                new ModelEvent.ToolCall("a", "weather", "{\"x\":1}"), new ModelEvent.ToolCall("b", "time", "{}"));
        List<ModelEvent.ToolCall> one = List.of(new ModelEvent.ToolCall("a", "weather", "{\"x\":1}"));
        return Stream.of(
                Arguments.of(
                        "all of index 0",
                        List.of(
                                piece("0", "'a'", "'weather'", "'{\"x\":'"),
                                piece("0", "null", "null", "'1}'"),
                                piece("0", "'b'", "'time'", "'{}'")),
                        both),
                Arguments.of(
                        "no index",
                        List.of(
                                piece("null", "'a'", "'weather'", "'{\"x\":1}'"),
                                piece("null", "'b'", "'time'", "'{}'")),
                        both),
                Arguments.of(
                        "no index, at once",
                        List.of(piece("null", "'a'", "'weather'", "'{\"x\":1}'") + ","
                                + piece("null", "'b'", "'time'", "'{}'")),
                        both),
                Arguments.of(
                        "the name in every piece",
                        List.of(
                                piece("0", "'a'", "'weather'", "'{\"x\"'"),
                                piece("0", "'a'", "'weather'", "':1}'"),
                                piece("1", "'b'", "'time'", "''")),
                        both),
                Arguments.of(
                        "null as a word",
                        List.of(piece("0", "'a'", "'weather'", "'{\"x\"'"), piece("0", "''", "'null'", "':1}'")),
                        one),
                Arguments.of("arguments as an object", List.of(piece("0", "'a'", "'weather'", "{\"x\":1}")), one),
                Arguments.of(
                        "an index as text",
                        List.of(piece("'0'", "'a'", "'weather'", "'{\"x\"'"), piece("'0'", "null", "null", "':1}'")),
                        one),
                Arguments.of(
                        "one id twice at two places",
                        List.of(piece("0", "'a'", "'weather'", "'{}'"), piece("1", "'a'", "'time'", "'{}'")),
                        List.of(
                                new ModelEvent.ToolCall("a", "weather", "{}"),
                                new ModelEvent.ToolCall("a", "time", "{}"))));
    }

    private static String piece(String index, String id, String name, String arguments) {
        return new JsonObject()
                .put("index", value(index))
                .put("id", value(id))
                .put("function", new JsonObject().put("name", value(name)).put("arguments", value(arguments)))
                .encode();
    }

    private static Object value(String word) {
        if (word.startsWith("'")) {
            return word.substring(1, word.length() - 1);
        }
        return io.vertx.core.json.Json.decodeValue(word);
    }

    @Test
    void callThatTheLimitCutsSaysSo() {
        stream.read(Buffer.buffer(StandIn.event(StandIn.chunk(StandIn.call(0, "a", "f", "{\"x\":[1,"), null))
                + StandIn.event(StandIn.chunk(new JsonObject(), "length"))
                + "data: [DONE]\n\n"));
        assertThat(heard)
                .containsExactly(
                        new ModelEvent.ToolCall("a", "f", "{\"x\":[1,", true),
                        new ModelEvent.Finish(FinishReason.LENGTH, null));
    }

    private static String text(String content) {
        return StandIn.event(StandIn.chunk(new JsonObject().put("content", content), null));
    }

    private static String stop() {
        return StandIn.event(StandIn.chunk(new JsonObject(), "stop"));
    }
}
