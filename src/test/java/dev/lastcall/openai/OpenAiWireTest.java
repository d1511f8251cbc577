package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.model.TestModel;
import dev.lastcall.run.event.ResponseId;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Keys.class)
class OpenAiWireTest {
    private static final List<String> TWO_TOKENS = List.of(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed");

    @TestHTTPResource("/")
    URI root = URI.create("");

    private Client alice = new Client(root, Keys.ALICE);
    private Client bob = new Client(root, Keys.BOB);

    @BeforeEach
    void connect() {
        alice = new Client(root, Keys.ALICE);
        bob = new Client(root, Keys.BOB);
    }

    @Test
    void streamHasOpenAisEventsInOrder() throws Exception {
        HttpResponse<String> stream =
                alice.post("/v1/responses", "{'model': 'scripted', 'input': 'count to 2', 'stream': true}");

        assertThat(stream.headers().firstValue("content-type")).contains("text/event-stream");
        assertThat(stream.headers().firstValue("cache-control")).contains("no-cache");
        assertThat(stream.headers().firstValue("x-accel-buffering")).contains("no");
        assertThat(stream.headers().firstValue("x-request-id")).isPresent();
        List<JsonObject> events = Client.events(stream.body());
        assertThat(events).extracting(event -> event.getString("type")).isEqualTo(TWO_TOKENS);
        assertThat(events)
                .extracting(event -> event.getInteger("sequence_number"))
                .isEqualTo(IntStream.range(0, TWO_TOKENS.size()).boxed().toList());
        assertThat(stream.body())
                .startsWith("id: 0\nevent: response.created\ndata: {")
                .endsWith("}\n\n");
        JsonObject last = events.get(events.size() - 1).getJsonObject("response");
        assertThat(last.getJsonObject("usage").getInteger("output_tokens")).isEqualTo(2);
        assertThat(last.getString("status")).isEqualTo("completed");
    }

    /** References to items, as the AI SDK sends them in its second turn. */
    @Test
    void referencesToItemsAreTheItems() throws Exception {
        JsonObject first = new JsonObject(
                alice.post("/v1/responses", "{'input': 'count to 2'}").body());
        String item = first.getJsonArray("output").getJsonObject(0).getString("id");

        String reference = "{'input': [{'role': 'user', 'content': 'count to 2'}, {'type': 'item_reference', 'id': '"
                + item + "'}, {'role': 'user', 'content': 'count to 3'}]}";
        JsonObject second =
                new JsonObject(alice.post("/v1/responses", reference).body());
        assertThat(second.getString("status")).as(second.encode()).isEqualTo("completed");
        JsonObject items =
                new JsonObject(alice.get("/v1/responses/" + second.getString("id") + "/input_items?order=asc")
                        .body());
        JsonObject referred = items.getJsonArray("data").getJsonObject(1);
        assertThat(referred.getString("role")).isEqualTo("assistant");
        assertThat(referred.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("1 2 ");

        // Without the type, as OpenAI allows; somebody else's; one that there is not.
        assertThat(alice.post("/v1/responses", "{'input': [{'id': '" + item + "'}, {'role': 'user', 'content': 'x'}]}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(bob.post("/v1/responses", reference).statusCode()).isEqualTo(404);
        for (String unknown : List.of(item + "7", "msg_1", "", "rs_x_0", item.replace("_0", "_9"))) {
            HttpResponse<String> refused =
                    alice.post("/v1/responses", "{'input': [{'type': 'item_reference', 'id': '" + unknown + "'}]}");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(404);
            assertThat(refused.body()).contains("Item with id '" + unknown + "' not found");
        }
    }

    @Test
    void answerIsTheWholeResponseAndStaysReadable() throws Exception {
        HttpResponse<String> answer =
                alice.post("/v1/responses", "{'model': 'scripted', 'input': 'count to 2', 'metadata': {'a': 'b'}}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        JsonObject response = Client.json(answer);
        assertThat(response.getJsonArray("output")
                        .getJsonObject(0)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("text"))
                .isEqualTo("1 2 ");
        assertThat(response.getJsonObject("metadata").getString("a")).isEqualTo("b");
        assertThat(Client.json(alice.get("/v1/responses/" + response.getString("id"))))
                .isEqualTo(response);
    }

    @ParameterizedTest
    @CsvSource({"'?stream=true&starting_after=4',''", "'?stream=true','4'", "'?stream=true&starting_after=2','4'"})
    void resumptionHasWhatComesAfter(String query, String lastEventId) throws Exception {
        String id = Client.id(alice.post("/v1/responses", "{'input': 'count to 2'}"));

        HttpResponse<String> stream = lastEventId.isEmpty()
                ? alice.get("/v1/responses/" + id + query)
                : alice.get("/v1/responses/" + id + query, "last-event-id", lastEventId);

        assertThat(Client.events(stream.body()))
                .extracting(event -> event.getInteger("sequence_number"))
                .containsExactly(5, 6, 7, 8, 9);
    }

    @Test
    void clientThatHasEverythingGetsAnEndAndOneThatHasMoreIsRefused() throws Exception {
        String id = Client.id(alice.post("/v1/responses", "{'input': 'count to 2'}"));

        HttpResponse<String> stream = alice.get("/v1/responses/" + id + "?stream=true&starting_after=9");
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.body()).isEmpty();
        assertThat(Client.code(alice.get("/v1/responses/" + id + "?stream=true&starting_after=10")))
                .isEqualTo("400 invalid_value");
    }

    @Test
    void waitingIsAnsweredAtTheEnd() throws Exception {
        String id = Client.id(alice.post("/v1/responses", "{'input': 'count to 500', 'background': true}"));

        JsonObject response = Client.json(alice.get("/v1/responses/" + id + "?wait=true"));

        assertThat(response.getString("status")).isEqualTo("completed");
        assertThat(response.getString("model")).isEqualTo("scripted");
    }

    @Test
    void silenceIsFilledWithACommentOfOneLine() throws Exception {
        try (Socket socket = send("/v1/responses", "{'input': 'hold keep-alive', 'stream': true}")) {
            StringBuilder seen = new StringBuilder();
            InputStream in = socket.getInputStream();
            for (int each = in.read(); each >= 0 && count(seen, ": ka") < 3; each = in.read()) {
                seen.append((char) each);
            }
            String text = seen.toString();
            // Each comment is one line in one chunk, whose size is 5.
            assertThat(text).contains("\r\n5\r\n: ka\n\r\n").doesNotContain(": ka\n\n");
        }
    }

    private static int count(CharSequence text, String word) {
        return text.toString().split(word, -1).length - 1;
    }

    @Test
    void requestsWithoutAKeyAreRefused() throws Exception {
        assertThat(Client.code(new Client(root, "").get("/v1/models"))).isEqualTo("401 invalid_api_key");
        assertThat(Client.code(new Client(root, "sk-wrong").post("/v1/responses", "{'input': 'x'}")))
                .isEqualTo("401 invalid_api_key");
        assertThat(new Client(root, "").post("/agent/run", "{'input': 'x'}").statusCode())
                .isEqualTo(401);
    }

    @Test
    void runOfAnotherTenantIsNotThere() throws Exception {
        String id = Client.id(alice.post("/v1/responses", "{'input': 'count to 1'}"));

        assertThat(Client.code(bob.get("/v1/responses/" + id))).isEqualTo("404 response_not_found");
        assertThat(Client.code(bob.get("/v1/responses/" + id + "?stream=true"))).isEqualTo("404 response_not_found");
        assertThat(Client.code(bob.get("/v1/responses/" + id + "/input_items"))).isEqualTo("404 response_not_found");
        assertThat(Client.code(bob.post("/v1/responses/" + id + "/cancel", ""))).isEqualTo("404 response_not_found");
        assertThat(Client.code(bob.delete("/v1/responses/" + id))).isEqualTo("404 response_not_found");
        String chat = "{'messages': [{'role': 'user', 'content': 'x'}], 'stream': true}";
        assertThat(Client.code(bob.post("/v1/chat/completions", chat, "x-run-id", id, "last-event-id", "1")))
                .isEqualTo("404 response_not_found");
        assertThat(bob.get("/agent/runs/" + uuid(id)).statusCode()).isEqualTo(404);
        assertThat(alice.get("/agent/runs/" + uuid(id)).statusCode()).isEqualTo(200);
        assertThat(Client.code(bob.post("/v1/responses", "{'input': 'x', 'previous_response_id': '" + id + "'}")))
                .isEqualTo("400 previous_response_not_found");
    }

    private static UUID uuid(String id) {
        return ResponseId.parse(id).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"resp_0", "x", "resp_0123456789ab7def8123456789abcdef", "0123456789ab7def8123456789abcdef0000"})
    void idThatIsNoneIsNotFound(String id) throws Exception {
        assertThat(Client.code(alice.get("/v1/responses/" + id))).isEqualTo("404 response_not_found");
    }

    @Test
    void pathThatIsNoneIsNotFoundInTheSameShape() throws Exception {
        assertThat(Client.code(alice.get("/v1/completions"))).isEqualTo("404 unknown_url");
        for (String path : List.of("/v1/responses", "/v1/chat/completions", "/v1/responses/resp_1/cancel")) {
            HttpResponse<String> refused = alice.get(path);
            assertThat(Client.code(refused)).isEqualTo("405 method_not_supported");
            assertThat(refused.headers().firstValue("allow")).contains("POST");
        }
        for (String path : List.of("/v1/models", "/v1/models/scripted", "/v1/responses/resp_1/input_items")) {
            assertThat(Client.code(alice.post(path, "{}"))).isEqualTo("405 method_not_supported");
        }
        assertThat(Client.code(alice.post("/v1/responses/resp_1", "{}"))).isEqualTo("405 method_not_supported");
        assertThat(Client.code(alice.delete("/v1/chat/completions/chatcmpl-1"))).isEqualTo("405 method_not_supported");
    }

    @Test
    void sameKeyIsTheSameRunAndAnotherBodyIsRefused() throws Exception {
        String body = "{'input': 'count to 2'}";
        String first = Client.id(alice.post("/v1/responses", body, "idempotency-key", "k1"));

        assertThat(Client.id(alice.post("/v1/responses", body, "idempotency-key", "k1")))
                .isEqualTo(first);
        assertThat(Client.code(alice.post("/v1/responses", "{'input': 'x'}", "idempotency-key", "k1")))
                .isEqualTo("422 idempotency_key_reused");
        assertThat(Client.id(bob.post("/v1/responses", body, "idempotency-key", "k1")))
                .isNotEqualTo(first);
    }

    @Test
    void concurrentRequestsOfOneKeyAreOneRun() throws Exception {
        String body = "{'input': 'count to 50'}";

        CompletableFuture<HttpResponse<String>> one = alice.begin("/v1/responses", body, "idempotency-key", "k2");
        CompletableFuture<HttpResponse<String>> other = alice.begin("/v1/responses", body, "idempotency-key", "k2");

        assertThat(Client.id(one.join())).isEqualTo(Client.id(other.join()));
    }

    @Test
    void retryOfAnUnansweredRequestJoinsItsRunAndAnAnsweredOneIsAnother() throws Exception {
        String input = "count to 1001";
        try (Socket socket = send("/v1/responses", "{'input': '" + input + "'}")) {
            await().untilAsserted(() -> assertThat(TestModel.tokens(input)).isPositive());
            assertThat(socket.isConnected()).isTrue();
        }

        HttpResponse<String> retry =
                alice.post("/v1/responses", "{'input': '" + input + "'}", "x-stainless-retry-count", "1");
        assertThat(retry.statusCode()).isEqualTo(200);
        assertThat(TestModel.tokens(input)).isEqualTo(1001);

        HttpResponse<String> later =
                alice.post("/v1/responses", "{'input': '" + input + "'}", "x-stainless-retry-count", "2");
        assertThat(Client.id(later)).isNotEqualTo(Client.id(retry));
    }

    private Socket send(String path, String json, String... headers) throws IOException {
        Socket socket = new Socket(root.getHost(), root.getPort());
        String body = json.replace('\'', '"');
        socket.getOutputStream()
                .write(("POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Keys.ALICE + "\r\n"
                                + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n")
                                + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    @Test
    void oneRunTooManyIsRefusedUntilAnotherHasEnded() throws Exception {
        Client carol = new Client(root, Keys.CAROL);
        List<String> held = new ArrayList<>();
        for (int i = 0; i < Keys.MOST_RUNS; i++) {
            held.add(carol.held("hold limit " + i));
        }

        HttpResponse<String> refused = carol.post("/v1/responses", "{'input': 'count to 1'}");

        assertThat(Client.code(refused)).isEqualTo("429 rate_limit_exceeded");
        assertThat(refused.headers().firstValue("x-should-retry")).contains("true");
        assertThat(carol.post("/agent/run", "{'input': 'count to 1'}").statusCode())
                .isEqualTo(429);
        assertThat(Client.id(alice.post("/v1/responses", "{'input': 'count to 1'}")))
                .startsWith("resp_");
        for (String id : held) {
            carol.post("/v1/responses/" + id + "/cancel", "");
        }
        assertThat(carol.post("/v1/responses", "{'input': 'count to 1'}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void cancelEndsARunAndItsStreams() throws Exception {
        String id = alice.held("hold cancel");

        JsonObject cancelled = Client.json(alice.post("/v1/responses/" + id + "/cancel", ""));

        assertThat(cancelled.getString("status")).isEqualTo("cancelled");
        List<JsonObject> events =
                Client.events(alice.get("/v1/responses/" + id + "?stream=true").body());
        JsonObject last = events.get(events.size() - 1);
        assertThat(last.getString("type")).isEqualTo("response.incomplete");
        assertThat(last.getJsonObject("response").getString("status")).isEqualTo("cancelled");
        assertThat(Client.json(alice.post("/v1/responses/" + id + "/cancel", ""))
                        .getString("status"))
                .isEqualTo("cancelled");
    }

    @Test
    void deletedRunIsGone() throws Exception {
        String id = alice.held("hold delete");

        assertThat(Client.json(alice.delete("/v1/responses/" + id)))
                .isEqualTo(
                        new JsonObject().put("id", id).put("object", "response").put("deleted", true));
        assertThat(Client.code(alice.get("/v1/responses/" + id))).isEqualTo("404 response_not_found");
    }

    @Test
    void runThatIsNotStoredIsReadableByTheClientThatWasCutOffAlone() throws Exception {
        HttpResponse<String> answer = alice.post("/v1/responses", "{'input': 'count to 2', 'store': false}");
        String id = Client.id(answer);

        assertThat(Client.code(alice.get("/v1/responses/" + id))).isEqualTo("404 response_not_found");
        HttpResponse<String> resumed = alice.get(
                "/v1/responses/" + id + "?stream=true",
                "x-run-id",
                answer.headers().firstValue("x-run-id").orElseThrow(),
                "last-event-id",
                "7");
        assertThat(Client.events(resumed.body())).hasSize(2);
    }

    @Test
    void runThatIsNotStoredStopsAWhileAfterItsClientLeft() throws Exception {
        String input = "hold abandoned";
        try (Socket socket = send("/v1/chat/completions", chat(input))) {
            assertThat(socket.isConnected()).isTrue();
            await().untilAsserted(() -> assertThat(TestModel.tokens(input)).isOne());
            assertThat(TestModel.cancels(input)).isZero();
        }

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(TestModel.cancels(input)).isOne());
    }

    @Test
    @SuppressWarnings("try") // the first connection is closed in the middle
    void unstoredRunContinuesIfItsClientReconnects() throws Exception {
        String resumed = "hold resumed";
        String left = "hold left";
        try (Socket first = send("/v1/chat/completions", chat(resumed))) {
            String run = lineAfter(first, "x-run-id: ");
            await().untilAsserted(() -> assertThat(TestModel.tokens(resumed)).isOne());
            try (Socket again = send("/v1/chat/completions", chat(resumed), "x-run-id: " + run, "last-event-id: 0")) {
                lineAfter(again, "data: ");
                first.close();
                // Its time runs later than that of the first one's client.
                send("/v1/chat/completions", chat(left)).close();
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(TestModel.cancels(left)).isOne());

                assertThat(TestModel.cancels(resumed)).isZero();
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(TestModel.cancels(resumed)).isOne());
        }
    }

    private static String chat(String input) {
        return "{'messages': [{'role': 'user', 'content': '" + input + "'}], 'stream': true}";
    }

    /** Reads up to the end of the first line that begins so; what is after the beginning. */
    private static String lineAfter(Socket socket, String beginning) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int each = in.read(); each >= 0; each = in.read()) {
            if (each == '\n' && line.toString().startsWith(beginning)) {
                return line.substring(beginning.length()).strip();
            }
            line.append((char) each);
            if (each == '\n') {
                line.setLength(0);
            }
        }
        throw new AssertionError("no line " + beginning);
    }

    @Test
    void previousResponseIsTheEarlierConversation() throws Exception {
        String first = Client.id(alice.post("/v1/responses", "{'input': 'count to 2'}"));

        String second = Client.id(
                alice.post("/v1/responses", "{'input': 'count to 1', 'previous_response_id': '" + first + "'}"));

        JsonObject items = Client.json(alice.get("/v1/responses/" + second + "/input_items?order=asc"));
        assertThat(items.getJsonArray("data"))
                .extracting(item -> ((JsonObject) item).getString("role") + " "
                        + ((JsonObject) item)
                                .getJsonArray("content")
                                .getJsonObject(0)
                                .getString("text"))
                .containsExactly("user count to 2", "assistant 1 2 ", "user count to 1");
        assertThat(items.getBoolean("has_more")).isFalse();
        JsonObject page = Client.json(
                alice.get("/v1/responses/" + second + "/input_items?limit=1&after=" + items.getString("last_id")));
        assertThat(page.getString("first_id"))
                .isEqualTo(items.getJsonArray("data").getJsonObject(1).getString("id"));
        assertThat(page.getBoolean("has_more")).isTrue();
    }

    @Test
    void unfinishedOrUnknownPreviousResponseIsRefused() throws Exception {
        String held = alice.held("hold previous");

        for (String id : List.of(held, "resp_x", "resp_0123456789ab7def8123456789abcdef")) {
            assertThat(Client.code(alice.post("/v1/responses", "{'input': 'x', 'previous_response_id': '" + id + "'}")))
                    .isEqualTo("400 previous_response_not_found");
        }
        alice.post("/v1/responses/" + held + "/cancel", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    {'input': 'x'                              | 400 null
                    []                                         | 400 null
                    {'input': 'x', 'temperature': 'hot'}       | 400 invalid_type
                    {'model': 'scripted'}                      | 400 missing_required_parameter
                    {'input': 'x', 'temprature': 1}            | 400 unknown_parameter
                    {'input': 'x', 'max_output_tokens': 5}     | 400 integer_below_min_value
                    {'input': 'x', 'include': ['all']}         | 400 invalid_value
                    {'input': 'x', 'include': ['message.output_text.logprobs']} | 400 unsupported_parameter
                    {'input': [{'type': 'function_call_output', 'call_id': 'c', 'output': 'x'}]} | 400 null
                    {'input': [{'type': 'function_call', 'call_id': 'c', 'name': 'f', 'arguments': '{}'}]} | 400 null
                    {'input': 'x', 'background': true, 'store': false} | 400 invalid_value
                    """)
    void bodyThatIsWrongIsRefused(String body, String code) throws Exception {
        assertThat(Client.code(alice.post("/v1/responses", body))).isEqualTo(code);
    }

    @Test
    void packedBodyIsUnpackedWithinTheLimit() throws Exception {
        assertThat(packed("{\"input\":\"count to 2\"}")).startsWith("200 ").contains("1 2 ");
        assertThat(packed("{\"input\":\"" + "x".repeat(1 << 20) + "\"}")).startsWith("413 ");
        assertThat(Client.code(alice.post("/v1/responses", "{'input': 'x'}", "content-encoding", "gzip")))
                .isEqualTo("400 null");
        assertThat(Client.code(alice.post("/v1/responses", "{'input': 'x'}", "content-encoding", "br")))
                .isEqualTo("415 unsupported_content_encoding");
    }

    private String packed(String body) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body.getBytes(StandardCharsets.UTF_8));
        }
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(root.resolve("/v1/responses"))
                                .header("authorization", "Bearer " + Keys.ALICE)
                                .header("content-encoding", "gzip")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    @Test
    void headIsGetWithoutItsBody() throws Exception {
        for (String path : List.of("/v1/models", "/v1/models/scripted")) {
            HttpResponse<String> head = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(root.resolve(path))
                                    .header("authorization", "Bearer " + Keys.ALICE)
                                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.headers().firstValue("content-type")).contains("application/json");
        }
    }

    @Test
    void synchronousResponseCannotBeCancelled() throws Exception {
        String id = Client.id(alice.post("/v1/responses", "{'input': 'count to 1'}"));
        HttpResponse<String> refused = alice.post("/v1/responses/" + id + "/cancel", "");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("Cannot cancel a synchronous response");
    }

    @Test
    void olderMessagesOfAHistoryAreUnderstood() throws Exception {
        HttpResponse<String> answer = alice.post("/v1/chat/completions", """
                {'messages': [{'role': 'user', 'content': 'x'}, {'role': 'assistant', 'content': null, 'function_call': {'name': 'f', 'arguments': '{}'}},
                 {'role': 'function', 'name': 'f', 'content': '1'}, {'role': 'assistant', 'content': null, 'refusal': 'no'}, {'role': 'user', 'content': 'count to 2'}]}""");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        HttpResponse<String> unanswered = alice.post("/v1/chat/completions", """
                {'messages': [{'role': 'assistant', 'tool_calls': [{'id': 'a', 'type': 'function', 'function': {'name': 'f', 'arguments': '{}'}}]},
                 {'role': 'user', 'content': 'x'}]}""");
        assertThat(unanswered.statusCode()).isEqualTo(400);
        assertThat(unanswered.body()).contains("did not have response messages: a");
    }

    @Test
    void bodyThatIsTooLongIsRefused() throws Exception {
        assertThat(Client.code(alice.post("/v1/responses", "{'input': '" + "x".repeat(70_000) + "'}")))
                .isEqualTo("413 request_too_large");
    }

    @Test
    void conversationThatIsTooLongIsRefusedThoughItsNextInputIsShort() throws Exception {
        String said = "x".repeat(40_000);
        HttpResponse<String> first = alice.post("/v1/responses", "{'input': '" + said + "'}");
        assertThat(Client.json(first).getString("status")).isEqualTo("completed");

        HttpResponse<String> second = alice.post(
                "/v1/responses", "{'input': 'count to 1', 'previous_response_id': '" + Client.id(first) + "'}");

        assertThat(Client.code(second)).isEqualTo("413 request_too_large");
        JsonObject error = Client.json(second).getJsonObject("error");
        assertThat(error.getString("type")).isEqualTo("invalid_request_error");
        assertThat(error.getString("param")).isEqualTo("previous_response_id");
        assertThat(error.getString("message")).contains("65536").contains("lastcall.api.max-body");
    }

    @Test
    void failedModelIsAFailedResponse() throws Exception {
        JsonObject response = Client.json(alice.post("/v1/responses", "{'input': 'fail'}"));

        assertThat(response.getString("status")).isEqualTo("failed");
        assertThat(response.getJsonObject("error").getString("code")).isEqualTo("server_error");
        assertThat(response.encode()).doesNotContain("sk-secret");
        HttpResponse<String> chat =
                alice.post("/v1/chat/completions", "{'messages': [{'role': 'user', 'content': 'fail'}]}");
        assertThat(Client.code(chat)).isEqualTo("502 server_error");
        assertThat(chat.headers().firstValue("x-should-retry")).contains("false");
    }

    @Test
    void chatStreamEndsWithDone() throws Exception {
        HttpResponse<String> stream = alice.post(
                "/v1/chat/completions",
                "{'messages': [{'role': 'user', 'content': 'count to 2'}], 'stream': true, 'stream_options': {'include_usage': true}}");

        assertThat(stream.body()).endsWith("data: [DONE]\n\n");
        List<JsonObject> chunks = Client.events(stream.body());
        assertThat(chunks).hasSize(5).allSatisfy(chunk -> assertThat(chunk.getJsonArray("choices"))
                .isNotNull());
        assertThat(chunks.get(4).getJsonObject("usage").getInteger("completion_tokens"))
                .isEqualTo(2);
    }

    @Test
    void chatIsResumedByItsRunAndLastEvent() throws Exception {
        String body = "{'messages': [{'role': 'user', 'content': 'count to 3'}], 'stream': true}";
        HttpResponse<String> whole = alice.post("/v1/chat/completions", body);
        List<String> lines = whole.body().lines().toList();
        String second = lines.stream()
                .filter(line -> line.contains("\"2 \""))
                .findFirst()
                .orElseThrow();
        String id = lines.get(lines.indexOf(second) - 1).substring("id: ".length());

        HttpResponse<String> rest = alice.post(
                "/v1/chat/completions",
                body,
                "x-run-id",
                whole.headers().firstValue("x-run-id").orElseThrow(),
                "last-event-id",
                id);

        assertThat(whole.body()).endsWith(rest.body());
        assertThat(rest.body()).contains("\"3 \"").doesNotContain("\"2 \"");
    }

    /** Beyond the first page of the log, which is then not read from its first row. */
    @Test
    void longChatIsResumedAtEachOfItsLastEvents() throws Exception {
        String body = "{'messages': [{'role': 'user', 'content': 'count to 100'}], 'stream': true}";
        HttpResponse<String> whole = alice.post("/v1/chat/completions", body);
        String run = whole.headers().firstValue("x-run-id").orElseThrow();
        List<String> ids = whole.body()
                .lines()
                .filter(line -> line.startsWith("id: "))
                .map(line -> line.substring("id: ".length()))
                .toList();
        assertThat(ids).hasSizeGreaterThan(100);

        for (String id : ids.subList(ids.size() - 4, ids.size())) {
            HttpResponse<String> rest = alice.post("/v1/chat/completions", body, "x-run-id", run, "last-event-id", id);

            String expected = whole.body().substring(whole.body().indexOf("id: " + id + "\n"));
            assertThat(rest.body()).isEqualTo(expected.substring(expected.indexOf("\n\n") + 2));
        }
    }

    @Test
    void modelsAreListed() throws Exception {
        JsonObject models = Client.json(alice.get("/v1/models"));

        assertThat(models.getJsonArray("data").getJsonObject(0).getString("id")).isEqualTo("scripted");
        assertThat(Client.json(alice.get("/v1/models/scripted")).getString("object"))
                .isEqualTo("model");
        assertThat(Client.code(alice.get("/v1/models/gpt-9"))).isEqualTo("404 model_not_found");
    }
}
