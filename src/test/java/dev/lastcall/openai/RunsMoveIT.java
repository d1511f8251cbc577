package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients of runs that are not stored, or that wait for a whole answer, go from one pod to another. */
class RunsMoveIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int TOKENS = 200;
    private static final int CANCELLED = 5;

    private static Databases databases;
    private static Pod first;
    private static Pod second;

    @BeforeAll
    static void start() {
        databases = Databases.start();
        first = Pod.start(settings());
        second = Pod.start(settings());
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        databases.close();
    }

    private static final String[] FETCH = {"user-agent", "node"};

    private static Client client(Pod pod) {
        return Client.http1(pod.http("/"), "");
    }

    /** 50 tokens a second: the longer runs last 4 s; 2 s until CANCELLING, where waiting clients are told. */
    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(ShortDrain.of("grace-period", "5s"));
        settings.putAll(databases.settings());
        settings.put("lastcall.model.scripted.tokens-per-second", "50");
        settings.put("lastcall.api.abandoned-after", "2s");
        return settings;
    }

    @Test
    void wholeAnswersThatOutliveTheirPodAreFoundAtAnother() throws Exception {
        try (Pod ending = Pod.start(settings())) {
            CompletableFuture<HttpResponse<String>> response = client(ending)
                    .begin("/v1/responses", "{'input': 'count to " + TOKENS + "', 'store': false}", FETCH);
            CompletableFuture<HttpResponse<String>> chat =
                    client(ending).begin("/v1/chat/completions", chat(TOKENS, false), FETCH);
            String other = "{'input': 'count to " + (TOKENS + 1) + "'}";
            CompletableFuture<HttpResponse<String>> jdk = client(ending).begin("/v1/responses", other);
            String input = "{'input': 'count to " + (TOKENS + 2) + "'}";
            CompletableFuture<HttpResponse<String>> agent = client(ending).begin("/agent/run", input);
            CompletableFuture<HttpResponse<String>> fetched = client(ending).begin("/agent/run", input, FETCH);
            // Five requests and their runs.
            new Operator(ending).awaitInFlight(10);
            ending.signal("TERM");

            // The JDK's client takes a redirect for the answer, so it is told to come again, and finds its run.
            HttpResponse<String> away = jdk.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(away.statusCode()).as(away.body()).isEqualTo(503);
            assertThat(away.headers().firstValue("x-should-retry")).contains("true");
            HttpResponse<String> again = client(second).post("/v1/responses", other);
            assertThat(again.headers().firstValue("x-run-id"))
                    .isEqualTo(away.headers().firstValue("x-run-id"));
            assertThat(again.body()).contains(upTo(TOKENS + 1));
            HttpResponse<String> agentAway = agent.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(agentAway.statusCode()).as(agentAway.body()).isEqualTo(503);
            assertThat(agentAway.headers().firstValue("x-should-retry")).contains("true");
            String run = agentAway.headers().firstValue("x-run-id").orElseThrow();
            JsonObject joined = Client.json(client(second).post("/agent/run", input));
            assertThat(joined.getString("run")).isEqualTo(run);
            assertThat(joined.getString("output")).isEqualTo(upTo(TOKENS + 2));
            // It was told once: the same input again is another run.
            assertThat(Client.json(client(second).post("/agent/run", input)).getString("run"))
                    .isNotEqualTo(run);
            assertThat(location(fetched, "/agent/runs/")).doesNotContain(run);
            String ofResponse = location(response, "/v1/responses/resp_");
            String ofChat = location(chat, "/v1/chat/completions/chatcmpl-");
            JsonObject answered = Client.json(client(second).get(ofResponse));
            assertThat(answered.getString("status")).isEqualTo("completed");
            JsonObject message = answered.getJsonArray("output").getJsonObject(0);
            assertThat(message.getJsonArray("content").getJsonObject(0).getString("text"))
                    .isEqualTo(upTo(TOKENS));
            JsonObject completion = Client.json(client(first).get(ofChat));
            assertThat(completion.getString("object")).isEqualTo("chat.completion");
            JsonObject choice = completion.getJsonArray("choices").getJsonObject(0);
            assertThat(choice.getString("finish_reason")).isEqualTo("stop");
            assertThat(choice.getJsonObject("message").getString("content")).isEqualTo(upTo(TOKENS));
            // What nobody may read again is forgotten ten minutes after its end.
            assertThat(ask("SELECT count(*) || ' ' || sum(handoffs) || ' ' || sum(attempts) || ' ' || count(ended_at)"
                            + " FROM runs JOIN (SELECT id, ended_at FROM run_meta WHERE NOT stored AND request LIKE"
                            + " '%count to " + TOKENS + "\"%') unstored USING (id)"))
                    .isEqualTo("2 2 0 2");
            assertThat(ending.exitCode(LIMIT)).isZero();
            assertThat(new Operator(ending).report().get("cut").asInt()).isZero();
        }
    }

    private static String location(CompletableFuture<HttpResponse<String>> answer, String path) throws Exception {
        HttpResponse<String> told = answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(told.statusCode()).as(told.body()).isEqualTo(303);
        String location = told.headers().firstValue("location").orElseThrow();
        assertThat(location).startsWith(path).endsWith("?wait=true");
        return location;
    }

    @Test
    void chatWhoseClientResumesAtAnotherPodIsNotCancelled() throws Exception {
        Stream left = new Stream(client(first).stream("/v1/chat/completions", chat(100_000, true)));
        left.read(10);
        left.close();
        Stream resumed = new Stream(client(second).stream(
                "/v1/chat/completions", chat(100_000, true), "x-run-id", left.run, "last-event-id", left.lastId));
        resumed.read(1);
        // One that nobody comes back for, left later at the same pod: when its time is over, so is the other's.
        Stream abandoned = new Stream(client(first).stream("/v1/chat/completions", chat(100_000, true)));
        abandoned.read(1);
        abandoned.close();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(status(abandoned.run)).isEqualTo(CANCELLED));

        assertThat(status(resumed.run)).isOne();
        int before = resumed.tokens.size();
        resumed.read(before + 20);
        List<String> all = new ArrayList<>(left.tokens);
        all.addAll(resumed.tokens);
        assertThat(String.join("", all)).isEqualTo(upTo(all.size()));
        resumed.close();
        // Now it is nobody's, wherever its last client was.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(status(resumed.run)).isEqualTo(CANCELLED));
    }

    /** Of two answers of one browser's chat the newer one stays, wherever both were asked for. */
    @Test
    void newerAnswerOfAChatSupersedesTheOlderOne() throws Exception {
        String body =
                "{'id': 'c1', 'messages': [{'role': 'user', 'parts': [{'type': 'text', 'text': 'count to 100000'}]}]}";
        HttpResponse<InputStream> older = client(first).stream("/agent/chat", body);
        HttpResponse<InputStream> newer = client(second).stream("/agent/chat", body);
        String stays = newer.headers().firstValue("x-run-id").orElseThrow();

        assertThat(new String(older.body().readAllBytes(), StandardCharsets.UTF_8))
                .endsWith("""
                data: {"type":"abort"}

                data: [DONE]

                """);
        assertThat(status(older.headers().firstValue("x-run-id").orElseThrow())).isEqualTo(CANCELLED);
        HttpResponse<InputStream> resumed = client(first).open("/agent/chat/c1/stream");
        assertThat(resumed.headers().firstValue("x-run-id")).contains(stays);
        assertThat(client(first).post("/agent/chat/c1/stop", "").statusCode()).isEqualTo(204);
        assertThat(status(stays)).isEqualTo(CANCELLED);
        assertThat(client(second).get("/agent/chat/c1/stream").statusCode()).isEqualTo(204);
        newer.body().close();
        resumed.body().close();
    }

    /** Asked for at once, at two pods, one is left, and it is the one that a page finds. */
    @Test
    void answersOfAChatThatBeginAtOnceLeaveOne() throws Exception {
        String body =
                "{'id': 'c2', 'messages': [{'role': 'user', 'parts': [{'type': 'text', 'text': 'count to 100000'}]}]}";
        List<CompletableFuture<HttpResponse<InputStream>>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Pod pod = i % 2 == 0 ? first : second;
            all.add(CompletableFuture.supplyAsync(() -> opened(pod, body)));
        }
        List<HttpResponse<InputStream>> answers =
                all.stream().map(CompletableFuture::join).toList();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        ask("SELECT count(*) FROM run_meta WHERE req_hash = 'ui:c2' AND ended_at IS NULL"))
                .isEqualTo("1"));
        assertThat(client(first).post("/agent/chat/c2/stop", "").statusCode()).isEqualTo(204);
        for (HttpResponse<InputStream> answer : answers) {
            assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("[DONE]\n\n");
        }
    }

    private static HttpResponse<InputStream> opened(Pod pod, String body) {
        try {
            return client(pod).stream("/agent/chat", body);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A chat's chunks, as far as they were read. */
    private static final class Stream implements AutoCloseable {
        private final InputStream body;
        private final BufferedReader lines;
        private final List<String> tokens = new ArrayList<>();
        private final String run;
        private String lastId = "-1";

        Stream(HttpResponse<InputStream> answer) {
            assertThat(answer.statusCode()).isEqualTo(200);
            body = answer.body();
            lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            run = answer.headers().firstValue("x-run-id").orElseThrow();
        }

        /** Reads until there are so many tokens. */
        void read(int count) throws IOException {
            String id = lastId;
            while (tokens.size() < count) {
                String line = lines.readLine();
                if (line == null) {
                    throw new AssertionError("ended after " + tokens.size() + " tokens (expected: " + count + ")");
                }
                if (line.startsWith("id: ")) {
                    id = line.substring("id: ".length());
                } else if (line.startsWith("data: {")) {
                    lastId = id;
                    String text = new JsonObject(line.substring("data: ".length()))
                            .getJsonArray("choices")
                            .getJsonObject(0)
                            .getJsonObject("delta")
                            .getString("content", "");
                    if (!text.isEmpty()) {
                        tokens.add(text);
                    }
                }
            }
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    private static String chat(int tokens, boolean stream) {
        return "{'messages': [{'role': 'user', 'content': 'count to " + tokens + "'}], 'stream': " + stream + "}";
    }

    private static int status(String run) throws SQLException {
        return Integer.parseInt(ask("SELECT status FROM runs WHERE id = '" + run + "'"));
    }

    private static String ask(String sql) throws SQLException {
        try (Connection connection = databases.postgres().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static String upTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(each -> each + " ").collect(Collectors.joining());
    }
}
