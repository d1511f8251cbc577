package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.model.StandIn;
import dev.lastcall.run.event.ResponseId;
import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import dev.lastcall.testing.ToolServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tools, and what becomes of their calls where the pod that made them is lost or goes. */
class ToolIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ARGUMENTS = "{\"at\":1}";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ToolServer tools = ToolServer.start();

    @AfterEach
    void close() {
        tools.close();
    }

    @Test
    void callOfALostPodIsMadeAgainWhereItBearsThatAndIsUnknownElse() throws Exception {
        try (Databases databases = Databases.start();
                Pod lost = Pod.start(durable(databases, Map.of()));
                Pod next = Pod.start(durable(databases, Map.of()))) {
            UUID looks = begin(databases, lost, "look", "/held-look");
            UUID pays = begin(databases, lost, "pay", "/held-pay");
            lost.signal("KILL");

            awaitRequests("/held-look", 2);
            tools.letGo("/held-look");
            assertThat(output(next, looks)).isEqualTo("said " + ARGUMENTS);
            assertThat(tools.requests("/held-look"))
                    .extracting(ToolServer.Request::key)
                    .containsOnly(ResponseId.hostedCall(looks, 0))
                    .hasSize(2);

            assertThat(output(next, pays)).contains("\"unknown\"").contains("not called again");
            assertThat(tools.requests("/held-pay")).hasSize(1);
            assertThat(ledger(databases, looks)).isEqualTo("1");
            assertThat(ledger(databases, pays)).isEqualTo("2");
            JsonObject told = item(next, pays, 0);
            assertThat(told.getString("type")).isEqualTo("mcp_call");
            assertThat(told.getString("status")).isEqualTo("failed");
            assertThat(item(next, looks, 0).getString("status")).isEqualTo("completed");
        }
    }

    @Test
    void stoppingPodAwaitsANonIdempotentCallAndHandsTheIdempotentOneOff() throws Exception {
        try (Databases databases = Databases.start();
                Pod stopping = Pod.start(durable(databases, ShortDrain.of()));
                Pod next = Pod.start(durable(databases, Map.of()))) {
            UUID looks = begin(databases, stopping, "look", "/held-look");
            UUID pays = begin(databases, stopping, "pay", "/held-pay");
            stopping.signal("TERM");
            stopping.awaitLine("state=draining", LIMIT);
            tools.letGo("/held-pay");
            assertThat(output(next, pays)).isEqualTo("said " + ARGUMENTS);

            awaitRequests("/held-look", 2);
            tools.letGo("/held-look");
            assertThat(output(next, looks)).isEqualTo("said " + ARGUMENTS);
            assertThat(tools.requests("/held-pay")).hasSize(1);
            assertThat(tools.requests("/held-look"))
                    .extracting(ToolServer.Request::key)
                    .containsOnly(ResponseId.hostedCall(looks, 0));
            assertThat(stopping.exitCode(LIMIT)).isZero();
        }
    }

    @Test
    void modelGetsAToolsFailureAndTurnsAreLimited() throws Exception {
        Map<String, String> settings = new HashMap<>(fast(Map.of("lastcall.run.max-turns", "3")));
        for (String path : List.of("fails", "large", "binary", "moved", "held", "echo")) {
            settings.put("lastcall.tool." + path + ".url", tools.url("/" + path));
        }
        settings.put("lastcall.tool.large.max-answer", "1K");
        settings.put("lastcall.tool.held.timeout", "300ms");
        try (Pod pod = Pod.start(settings)) {
            assertThat(run(pod, "call echo " + ARGUMENTS).getString("output")).isEqualTo("said " + ARGUMENTS);
            assertThat(run(pod, "call fails {}").getString("output")).contains("500: out of paper");
            assertThat(run(pod, "call large {}").getString("output")).contains("more than 1024 bytes");
            assertThat(run(pod, "call binary {}").getString("output")).contains("no UTF-8");
            assertThat(run(pod, "call moved {}").getString("output")).contains("307");
            assertThat(run(pod, "call held {}").getString("output")).contains("\"unknown\"");
            assertThat(run(pod, "call echo {}\ncall echo {}\ncall echo {}").getString("detail"))
                    .contains("lastcall.run.max-turns");
            assertThat(tools.requests("/echo")).hasSize(3);
        }
    }

    @Test
    void upstreamCallsAToolAndSpeaksInItsNextTurn() throws Exception {
        try (Databases databases = Databases.start();
                StandIn upstream = StandIn.start()) {
            upstream.then(StandIn.calls("call_1", "echo", "{\"at\"", ":1}")).then(StandIn.says("It ", "said ", "so."));
            Map<String, String> settings = new HashMap<>(databases.settings());
            settings.put("lastcall.model.openai.base-url", upstream.url());
            settings.put("lastcall.model.openai.model", "stand-in");
            settings.put("lastcall.tool.echo.url", tools.url("/echo"));
            settings.put("lastcall.tool.echo.description", "says what it is told");
            try (Pod pod = Pod.start(settings)) {
                HttpResponse<String> answer =
                        client.send(post(pod, "/v1/responses", "what does it say?"), BodyHandlers.ofString());
                JsonObject response = new JsonObject(answer.body());

                assertThat(response.getString("status")).as(answer.body()).isEqualTo("completed");
                UUID run = ResponseId.parse(response.getString("id")).orElseThrow();
                assertThat(response.getJsonArray("output"))
                        .extracting(item -> ((JsonObject) item).getString("type"))
                        .containsExactly("mcp_call", "message");
                // Of both turns: 7 tokens in each, 2 of them cached, and 2 and 3 out.
                JsonObject usage = response.getJsonObject("usage");
                assertThat(usage.getInteger("input_tokens")).isEqualTo(14);
                assertThat(usage.getJsonObject("input_tokens_details").getInteger("cached_tokens"))
                        .isEqualTo(4);
                assertThat(usage.getInteger("output_tokens")).isEqualTo(5);
                assertThat(usage.getInteger("total_tokens")).isEqualTo(19);
                assertThat(new JsonObject(get(pod, "/agent/runs/" + run)).getString("output"))
                        .isEqualTo("It said so.");

                ToolServer.Request call = tools.requests("/echo").get(0);
                assertThat(call.body()).isEqualTo(ARGUMENTS);
                assertThat(call.key()).isEqualTo(ResponseId.hostedCall(run, 0));
                assertThat(tools.requests("/echo")).hasSize(1);
                assertThat(TestRuns.one(
                                databases.postgres(),
                                "SELECT status || ' ' || call_id FROM tool_calls WHERE run_id = '" + run + "'"))
                        .isEqualTo("1 " + call.key());
                assertAsked(upstream);
            }
        }
    }

    /** With the tool in the first turn, with what it said in the second one. */
    private static void assertAsked(StandIn upstream) {
        assertThat(upstream.bodies).hasSize(2);
        JsonObject function =
                upstream.bodies.get(0).getJsonArray("tools").getJsonObject(0).getJsonObject("function");
        assertThat(function.getString("name")).isEqualTo("echo");
        assertThat(function.getString("description")).isEqualTo("says what it is told");
        JsonArray messages = upstream.bodies.get(1).getJsonArray("messages");
        assertThat(messages)
                .extracting(message -> ((JsonObject) message).getString("role"))
                .containsExactly("user", "assistant", "tool");
        JsonObject called = messages.getJsonObject(1).getJsonArray("tool_calls").getJsonObject(0);
        JsonObject told = messages.getJsonObject(2);
        assertThat(told.getString("tool_call_id")).isEqualTo(called.getString("id"));
        assertThat(told.getString("content")).isEqualTo("said " + ARGUMENTS);
    }

    private Map<String, String> durable(Databases databases, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(fast(databases.settings()));
        settings.putAll(more);
        settings.put("lastcall.run.lease", "3s");
        settings.put("lastcall.tool.look.url", tools.url("/held-look"));
        settings.put("lastcall.tool.look.idempotent", "true");
        settings.put("lastcall.tool.look.timeout", "60s");
        settings.put("lastcall.tool.pay.url", tools.url("/held-pay"));
        settings.put("lastcall.tool.pay.timeout", "60s");
        return settings;
    }

    private static Map<String, String> fast(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("lastcall.model.scripted.tokens-per-second", "500");
        return settings;
    }

    /** Begins a run on this pod and returns when its call has come in. */
    private UUID begin(Databases databases, Pod pod, String tool, String path) {
        var unused = client.sendAsync(
                post(pod, "/agent/stream", "call " + tool + " " + ARGUMENTS), BodyHandlers.discarding());
        awaitRequests(path, 1);
        String call = tools.requests(path).get(0).key();
        return UUID.fromString(TestRuns.one(
                databases.postgres(), "SELECT run_id FROM tool_calls WHERE call_id = '" + call + "' AND status = 0"));
    }

    private void awaitRequests(String path, int count) {
        until().untilAsserted(() -> assertThat(tools.requests(path)).hasSize(count));
    }

    private static String ledger(Databases databases, UUID run) {
        return TestRuns.one(databases.postgres(), "SELECT status FROM tool_calls WHERE run_id = '" + run + "'");
    }

    /** Returns the output of the run at its end. */
    private String output(Pod pod, UUID run) {
        String[] output = new String[1];
        until().untilAsserted(() -> {
            JsonObject found = new JsonObject(get(pod, "/agent/runs/" + run));
            assertThat(found.getString("status")).isEqualTo("completed");
            output[0] = found.getString("output");
        });
        return output[0];
    }

    private JsonObject item(Pod pod, UUID run, int index) throws Exception {
        JsonArray output = new JsonObject(get(pod, "/v1/responses/" + ResponseId.of(run))).getJsonArray("output");
        return output.getJsonObject(index);
    }

    private JsonObject run(Pod pod, String input) throws Exception {
        return new JsonObject(client.send(post(pod, "/agent/run", input), BodyHandlers.ofString())
                .body());
    }

    private String get(Pod pod, String path) throws Exception {
        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(pod.http(path)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static HttpRequest post(Pod pod, String path, String input) {
        return HttpRequest.newBuilder(pod.http(path))
                .header("Content-Type", "application/json")
                .timeout(LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString(
                        new JsonObject().put("input", input).encode()))
                .build();
    }

    private static ConditionFactory until() {
        return Awaitility.await().atMost(LIMIT);
    }
}
