package dev.lastcall.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.run.TestRuns;
import dev.lastcall.testing.Databases;
import dev.lastcall.testing.EmbeddingJars;
import dev.lastcall.testing.EmbeddingServer;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Vector stores of the packaged application, over the ends of its pods. */
class VectorStoreIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String CHUNKS = """
            SELECT count(*) || ' ' || count(DISTINCT idx) || ' ' || min(idx) || ' ' || max(idx)
            FROM vector_chunks c JOIN vector_store_files f USING (serial) WHERE f.file_id = '%s'""";

    private static Map<String, String> settings(Map<String, String> databases, EmbeddingServer server) {
        Map<String, String> settings = new HashMap<>(ShortDrain.of());
        settings.putAll(databases);
        settings.put("lastcall.embedding.openai.base-url", server.url());
        settings.put("lastcall.vector-store.batch", "4");
        settings.put("lastcall.vector-store.lease", "3s");
        settings.put("lastcall.vector-store.max-ingests", "1");
        return settings;
    }

    /** The word that only this chunk has, among words that all have. */
    private static String text(int words) {
        return IntStream.range(0, words)
                .mapToObj(i -> "only" + i + " and others")
                .collect(Collectors.joining(" "));
    }

    @Test
    void fileIsEmbeddedOnceWhateverHappensToItsPods() throws Exception {
        try (Databases databases = Databases.start();
                EmbeddingServer server = EmbeddingServer.start()) {
            Map<String, String> settings = settings(databases.settings(), server);
            server.delay = 300;
            String file;
            String store;
            try (Pod killed = Pod.start(settings)) {
                file = send(upload(killed, "long.txt", text(2000))).getString("id");
                store = post(killed, "/v1/vector_stores", new JsonObject().put("name", "n"))
                        .getString("id");
                post(
                        killed,
                        "/v1/vector_stores/" + store + "/files",
                        new JsonObject()
                                .put("file_id", file)
                                .put("attributes", new JsonObject().put("language", "en"))
                                .put("chunking_strategy", strategy()));
                awaitChunks(databases, 4);
                killed.signal("KILL");
                assertThat(killed.exitCode(LIMIT)).isNotZero();
            }
            int found = chunks(databases);
            int total = Chunker.chunks(text(2000), new Chunking(100, 0)).size();
            assertThat(total).isGreaterThan(40);
            try (Pod drained = Pod.start(settings)) {
                awaitChunks(databases, found + 4);
                drained.signal("TERM");
                assertThat(drained.exitCode(LIMIT)).isZero();
                JsonNode report = new Operator(drained).report();
                assertThat(report.get("cut").asInt()).isZero();
                assertThat(report.get("handed-off").asInt()).isOne();
                assertThat(report.toString()).contains("\"vector-store\"");
            }
            assertThat(chunks(databases)).isBetween(found + 4, total - 1);
            server.delay = 0;
            settings.put("lastcall.drain.after-lame-duck", "serve");
            try (Pod last = Pod.start(settings)) {
                String attached = "/v1/vector_stores/" + store + "/files/" + file;
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(get(last, attached).getString("status"))
                                .isEqualTo("completed"));
                assertThat(TestRuns.one(databases.postgres(), CHUNKS.formatted(file)))
                        .isEqualTo(total + " " + total + " 0 " + (total - 1));
                JsonArray hits = post(
                                last,
                                "/v1/vector_stores/" + store + "/search",
                                new JsonObject().put("query", "only7").put("max_num_results", 2))
                        .getJsonArray("data");
                assertThat(hits).hasSize(2);
                assertThat(hits.getJsonObject(0).getString("file_id")).isEqualTo(file);
                assertThat(last.lines()).anyMatch(line -> line.contains("vector stores: kept in postgresql"));
                assertThat(new Operator(last).drain().get("tables").toString()).contains("\"kept in\":\"postgresql\"");
                assertThatOnlyNewFilesAreRefused(last, store, file, server);
            }
        }
    }

    /** With {@code after-lame-duck=serve}, while a request keeps the pod in DRAINING. */
    private static void assertThatOnlyNewFilesAreRefused(Pod pod, String store, String file, EmbeddingServer server)
            throws Exception {
        server.delay = 2500;
        JsonObject text = new JsonObject().put("model", "m").put("input", "slow");
        var slow = HTTP.sendAsync(post("/v1/embeddings", pod, text).build(), BodyHandlers.ofString());
        Operator operator = new Operator(pod);
        operator.awaitInFlight(1);
        pod.signal("TERM");
        operator.awaitState("draining");
        server.delay = 0;
        for (HttpRequest.Builder change : List.of(
                upload(pod, "late.txt", "late"),
                post("/v1/vector_stores", pod, new JsonObject().put("name", "late")),
                post("/v1/vector_stores/" + store + "/files", pod, new JsonObject().put("file_id", file)))) {
            HttpResponse<String> refused = HTTP.send(change.build(), BodyHandlers.ofString());
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after"))
                    .as(refused.body())
                    .isPresent();
            assertThat(refused.body()).contains("shutting_down");
        }
        send(post("/v1/embeddings", pod, text));
        JsonObject query = new JsonObject().put("query", "only9").put("max_num_results", 2);
        assertThat(post(pod, "/v1/vector_stores/" + store + "/search", query).getJsonArray("data"))
                .hasSize(2);
        assertThat(operator.drain().get("state").asText()).isEqualTo("draining");
        assertThat(slow.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(pod.exitCode(LIMIT)).isZero();
    }

    private static JsonObject strategy() {
        return new JsonObject()
                .put("type", "static")
                .put(
                        "static",
                        new JsonObject().put("max_chunk_size_tokens", 100).put("chunk_overlap_tokens", 0));
    }

    private static int chunks(Databases databases) {
        return Integer.parseInt(TestRuns.one(databases.postgres(), "SELECT count(*) FROM vector_chunks"));
    }

    private static void awaitChunks(Databases databases, int least) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(chunks(databases)).isGreaterThanOrEqualTo(least));
    }

    /** In memory, with the model in this process, which the release unloads. */
    @Test
    void modelInThisProcessEmbedsAndIsUnloaded() throws Exception {
        Map<String, String> settings = new HashMap<>(ShortDrain.of());
        settings.put("lastcall.embedding.in-process", "true");
        settings.put("lastcall.embedding.preload", "true");
        settings.put("lastcall.embedding.library", EmbeddingJars.setting());
        try (Pod pod = Pod.start(settings)) {
            JsonObject embedded = post(
                    pod,
                    "/v1/embeddings",
                    new JsonObject().put("model", "all-minilm-l6-v2").put("input", "one text"));
            assertThat(embedded.getJsonArray("data").getJsonObject(0).getJsonArray("embedding"))
                    .hasSize(384);
            assertThat(embedded.getJsonObject("usage").getInteger("prompt_tokens"))
                    .isEqualTo(2);
            String cats = send(upload(pod, "cats.txt", "The cat sleeps on the sofa all day."))
                    .getString("id");
            String tax = send(upload(pod, "tax.txt", "Tax returns are due at the end of the quarter."))
                    .getString("id");
            String store = post(
                            pod,
                            "/v1/vector_stores",
                            new JsonObject().put("file_ids", new JsonArray(List.of(cats, tax))))
                    .getString("id");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(get(pod, "/v1/vector_stores/" + store)
                            .getJsonObject("file_counts")
                            .getInteger("completed"))
                    .isEqualTo(2));
            JsonObject best = post(
                            pod,
                            "/v1/vector_stores/" + store + "/search",
                            new JsonObject().put("query", "When do I have to pay the government?"))
                    .getJsonArray("data")
                    .getJsonObject(0);
            assertThat(best.getString("filename")).isEqualTo("tax.txt");
            assertCited(pod, store, tax);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            String report = new Operator(pod).report().toString();
            assertThat(report).containsPattern("embedding-model.*freed-bytes=[0-9]{7,}");
            assertThat(report.indexOf("\"vector-store\"")).isPositive().isLessThan(report.indexOf("embedding-model"));
        }
    }

    /** The scripted model makes the call that it is told to, and says what it got. */
    private static void assertCited(Pod pod, String store, String file) throws Exception {
        JsonObject search = new JsonObject()
                .put("type", "file_search")
                .put("vector_store_ids", new JsonArray().add(store))
                .put("max_num_results", 1);
        JsonObject body = new JsonObject()
                .put("model", "scripted")
                .put("input", "call file_search {\"queries\": [\"pay the government\"]}")
                .put("tools", new JsonArray().add(search))
                .put("include", new JsonArray().add("file_search_call.results"));
        JsonObject response = post(pod, "/v1/responses", body);
        assertThat(response.getJsonArray("tools").getJsonObject(0)).isEqualTo(search);
        JsonObject call = response.getJsonArray("output").getJsonObject(0);
        assertThat(call.getString("type")).isEqualTo("file_search_call");
        assertThat(call.getString("status")).isEqualTo("completed");
        assertThat(call.getJsonArray("queries")).containsExactly("pay the government");
        assertThat(call.getJsonArray("results").getJsonObject(0).getString("file_id"))
                .isEqualTo(file);
        JsonObject said = response.getJsonArray("output")
                .getJsonObject(1)
                .getJsonArray("content")
                .getJsonObject(0);
        assertThat(said.getString("text")).contains("Tax returns are due");
        assertThat(said.getJsonArray("annotations"))
                .containsExactly(new JsonObject()
                        .put("type", "file_citation")
                        .put("index", 0)
                        .put("file_id", file)
                        .put("filename", "tax.txt"));

        body.remove("include");
        HttpResponse<String> stream = HTTP.send(
                HttpRequest.newBuilder(pod.http("/v1/responses"))
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body.put("stream", true).encode()))
                        .build(),
                BodyHandlers.ofString());
        assertThat(stream.body())
                .containsSubsequence(
                        "response.file_search_call.in_progress",
                        "response.file_search_call.searching",
                        "response.file_search_call.completed",
                        "\"results\":null",
                        "response.output_text.annotation.added",
                        "response.completed");
        JsonObject foreign = search.copy().put("vector_store_ids", new JsonArray().add("vs_none"));
        HttpResponse<String> refused = HTTP.send(
                HttpRequest.newBuilder(pod.http("/v1/responses"))
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(
                                body.put("tools", new JsonArray().add(foreign)).encode()))
                        .build(),
                BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).contains("vector_store_not_found");
    }

    private static HttpRequest.Builder upload(Pod pod, String name, String text) {
        String form = String.join(
                "\r\n",
                "--b",
                "Content-Disposition: form-data; name=\"purpose\"",
                "",
                "assistants",
                "--b",
                "Content-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"",
                "Content-Type: text/plain",
                "",
                text,
                "--b--",
                "");
        return HttpRequest.newBuilder(pod.http("/v1/files"))
                .header("content-type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString(form));
    }

    private static JsonObject post(Pod pod, String path, JsonObject body) throws Exception {
        return send(post(path, pod, body));
    }

    private static HttpRequest.Builder post(String path, Pod pod, JsonObject body) {
        return HttpRequest.newBuilder(pod.http(path))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()));
    }

    private static JsonObject get(Pod pod, String path) throws Exception {
        return send(HttpRequest.newBuilder(pod.http(path)));
    }

    private static JsonObject send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }
}
