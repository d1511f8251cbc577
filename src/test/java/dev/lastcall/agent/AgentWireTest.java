package dev.lastcall.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.model.TestModel;
import dev.lastcall.run.ManualSignal;
import dev.lastcall.testing.ApiDocument;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
@TestProfile(Wire.class)
class AgentWireTest {
    @TestHTTPResource("/agent/stream")
    URI stream = URI.create("");

    @TestHTTPResource("/agent/run")
    URI run = URI.create("");

    @BeforeEach
    void forgetEarlierRequests() {
        Wire.SIGNALS.clear();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void streamSendsTheTokensAndOneEnd(HttpClient.Version version) throws Exception {
        HttpResponse<Stream<String>> response = stream(version, "count to 3");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.version()).isEqualTo(version);
        assertThat(response.headers().map())
                .containsEntry("content-type", List.of("text/event-stream"))
                .containsEntry("cache-control", List.of("no-cache"))
                .containsEntry("x-accel-buffering", List.of("no"));
        List<String> lines = response.body().toList();
        assertThat(lines.subList(0, 9))
                .containsExactly(
                        "id: 4",
                        "data: {\"type\":\"token\",\"n\":0,\"text\":\"1 \"}",
                        "",
                        "id: 5",
                        "data: {\"type\":\"token\",\"n\":1,\"text\":\"2 \"}",
                        "",
                        "id: 6",
                        "data: {\"type\":\"token\",\"n\":2,\"text\":\"3 \"}",
                        "");
        assertThat(lines.get(9)).isEqualTo("id: 10");
        assertThat(event(lines.get(10)))
                .containsEntry("type", "end")
                .containsEntry("reason", "completed")
                .containsEntry("last", 2);
        assertThat(lines).hasSize(12);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void firstTokenIsSentAtOnceAndACancelledStreamEndsProperly(HttpClient.Version version) throws Exception {
        Iterator<String> lines = stream(version, "hold on").body().iterator();

        assertThat(lines.next()).isEqualTo("id: 4");
        assertThat(event(lines.next())).containsEntry("text", "hold ");
        assertThat(lines.next()).isEmpty();
        signal().tell();
        assertThat(lines.next()).isEqualTo("id: 4");
        JsonObject end = new JsonObject(lines.next().substring("data: ".length()));
        assertThat(end.fieldNames()).containsExactly("type", "reason", "run", "last", "resume");
        assertThat(end.getMap())
                .containsEntry("reason", "shutdown")
                .containsEntry("last", 0)
                .containsEntry("resume", null);
        assertThat(end.getString("run")).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(lines.next()).isEmpty();
        assertThat(lines.hasNext()).isFalse();
    }

    @Test
    void chunkedBodyEndsWithTheLastChunkAndTheConnectionServesOn() throws Exception {
        try (Socket socket = new Socket(stream.getHost(), stream.getPort())) {
            socket.setSoTimeout(60_000);
            for (int i = 0; i < 2; i++) {
                socket.getOutputStream().write(post("count to 1").getBytes(UTF_8));
                assertThat(untilLastChunk(socket))
                        .contains("transfer-encoding: chunked")
                        .contains("\"completed\"");
            }
        }
    }

    @Test
    void priorKnowledgeOfHttp2IsServed() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Buffer body = priorKnowledge(vertx, "count to 2")
                    .compose(HttpClientResponse::body)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);

            assertThat(body.toString()).contains("\"text\":\"2 \"").contains("\"completed\"");
        } finally {
            close(vertx);
        }
    }

    @Test
    void failedRunEndsProperlyAndKeepsTheSecret() throws Exception {
        for (String input : List.of("fail", "throw")) {
            List<String> lines =
                    stream(HttpClient.Version.HTTP_1_1, input).body().toList();

            assertThat(event(lines.get(1)))
                    .containsEntry("reason", "failed")
                    .containsEntry("detail", "the model failed; send the input again");
            assertThat(lines).hasSize(3).noneMatch(line -> line.contains("secret"));
        }
    }

    /** Only the next write shows it here: in the service the request's signal does, at once. */
    @Test
    void clientThatLeavesStopsTheModel() throws Exception {
        String input = "count to 90000000001";
        try (Socket socket = new Socket(stream.getHost(), stream.getPort())) {
            socket.getOutputStream().write(post(input).getBytes(UTF_8));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }

        await().untilAsserted(() -> assertThat(TestModel.cancels(input)).isOne());
    }

    @Test
    void runOfAClientThatIsGoneIsCancelled() throws Exception {
        String input = "hold until the client is gone";
        Iterator<String> lines =
                stream(HttpClient.Version.HTTP_1_1, input).body().iterator();
        assertThat(lines.next()).isEqualTo("id: 4");

        signal().leave();

        lines.next();
        lines.next();
        lines.next();
        assertThat(event(lines.next())).containsEntry("reason", "cancelled");
        assertThat(TestModel.cancels(input)).isOne();
    }

    /** The model makes a million tokens a second: it is done long before the reader, who then gets the rest from the log. */
    @Test
    void slowReaderDoesNotHoldTheRunBackAndMissesNothing() throws Exception {
        String input = "count to 100000";
        try (Socket socket = new Socket(stream.getHost(), stream.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(post(input).getBytes(UTF_8));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(TestModel.tokens(input)).isGreaterThanOrEqualTo(100_000));

            assertThat(untilLastChunk(socket))
                    .contains("\"n\":99999,\"text\":\"100000 \"")
                    .contains("completed");
        }
    }

    @Test
    void slowReaderOfHttp2MissesNothing() throws Exception {
        String input = "count to 50000";
        Vertx vertx = Vertx.vertx();
        try {
            HttpClientResponse response = priorKnowledge(vertx, input)
                    .onSuccess(HttpClientResponse::pause)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(TestModel.tokens(input)).isGreaterThanOrEqualTo(50_000));

            var body = response.body();
            response.resume();
            assertThat(body.toCompletionStage()
                            .toCompletableFuture()
                            .get(60, TimeUnit.SECONDS)
                            .toString())
                    .contains("\"n\":49999,\"text\":\"50000 \"")
                    .contains("completed");
        } finally {
            close(vertx);
        }
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void runAnswersWithTheWholeOutput(HttpClient.Version version) throws Exception {
        HttpResponse<String> response = run(version, "count to 3");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        JsonObject body = new JsonObject(response.body());
        assertThat(body.fieldNames()).containsExactly("run", "output", "tokens");
        assertThat(body.getString("output")).isEqualTo("1 2 3 ");
        assertThat(body.getInteger("tokens")).isEqualTo(3);
    }

    @Test
    void runEchoesAnyText() throws Exception {
        String text = "  naïve 👩‍🚀 \"quoted\" \n\u2028 end";

        assertThat(new JsonObject(run(HttpClient.Version.HTTP_1_1, text).body()).getString("output"))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void runThatThePodCannotFinishIsToBeSentAgain(HttpClient.Version version) throws Exception {
        var pending = client(version).sendAsync(post(run, "hold"), HttpResponse.BodyHandlers.ofString());

        signal().tell();

        HttpResponse<String> response = pending.get(60, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(response.headers().firstValue("retry-after")).hasValue("1");
        assertThat(response.headers().firstValue("x-should-retry")).hasValue("true");
        assertThat(response.headers().firstValueAsLong("retry-after-ms").getAsLong())
                .isBetween(200L, 500L);
        assertThat(new JsonObject(response.body()).getMap())
                .containsEntry("status", 503)
                .containsEntry("retryable", true)
                .containsEntry(
                        "detail",
                        "the pod ended before the run did, and without a run store no other pod can finish it;"
                                + " send the input again");
    }

    @Test
    void failedRunIsABadGateway() throws Exception {
        HttpResponse<String> response = run(HttpClient.Version.HTTP_1_1, "fail");

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(new JsonObject(response.body()).getString("detail"))
                .isEqualTo("the model failed; send the input again");
    }

    private HttpResponse<Stream<String>> stream(HttpClient.Version version, String input) throws Exception {
        return client(version).send(post(stream, input), HttpResponse.BodyHandlers.ofLines());
    }

    private Future<HttpClientResponse> priorKnowledge(Vertx vertx, String input) {
        var options =
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        return vertx.createHttpClient(options)
                .request(HttpMethod.POST, stream.getPort(), stream.getHost(), "/agent/stream")
                .compose(request ->
                        request.putHeader("content-type", "application/json").send(input(input)));
    }

    private static void close(Vertx vertx) throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private HttpResponse<String> run(HttpClient.Version version, String input) throws Exception {
        return ApiDocument.promised(client(version).send(post(run, input), HttpResponse.BodyHandlers.ofString()));
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).build();
    }

    private static HttpRequest post(URI uri, String input) {
        return HttpRequest.newBuilder(uri)
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(input(input)))
                .build();
    }

    private static String post(String input) {
        String body = input(input);
        return "POST /agent/stream HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static String input(String text) {
        return new JsonObject().put("input", text).encode();
    }

    private static ManualSignal signal() throws InterruptedException {
        ManualSignal signal = requireNonNull(Wire.SIGNALS.poll(60, TimeUnit.SECONDS), "no request came");
        await().untilAsserted(() -> assertThat(signal.listeners()).isOne());
        return signal;
    }

    private static Map<String, Object> event(String line) {
        assertThat(line).startsWith("data: ");
        return new JsonObject(line.substring("data: ".length())).getMap();
    }

    private static String untilLastChunk(Socket socket) throws IOException {
        StringBuilder response = new StringBuilder();
        BufferedReader reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        String line = reader.readLine();
        while (line != null && !line.equals("0")) {
            response.append(line).append('\n');
            line = reader.readLine();
        }
        assertThat(line).as("last chunk after %s", response).isEqualTo("0");
        assertThat(reader.readLine()).isEmpty();
        return response.toString();
    }
}
