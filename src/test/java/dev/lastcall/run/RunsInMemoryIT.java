package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A pod without a database whose runs take more than they may: what has ended is forgotten, and what lives is not. */
class RunsInMemoryIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final List<String> SMALL = List.of("-Xmx80m", "-XX:TieredStopAtLevel=1");
    private static final String SHORT = response("", 10, false);

    @Test
    void oldestEndedRunsGoFirst() throws Exception {
        try (Pod pod = start("8M", "1000000")) {
            String first = id(post(pod, SHORT));
            String last = first;
            // 1.5 million tokens, of which each takes some 100 bytes: twice the heap.
            for (int round = 0; round < 5; round++) {
                List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    answers.add(CLIENT.sendAsync(request(pod, response("", 50_000, false)), BodyHandlers.ofString()));
                }
                for (CompletableFuture<HttpResponse<String>> answer : answers) {
                    assertThat(answer.join().statusCode())
                            .as(answer.join().body())
                            .isIn(200, 429);
                }
                last = id(post(pod, SHORT));
            }
            assertThat(get(pod, first).statusCode()).isEqualTo(404);
            assertThat(get(pod, last).statusCode()).isEqualTo(200);
            assertThat(new Operator(pod).ask("GET", "/q/health/ready").statusCode())
                    .isEqualTo(200);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
        }
    }

    /** A run that lives is never forgotten for one that comes: the newcomer is told to come again, until there is room. */
    @Test
    void runForWhichThereIsNoRoomIsRefused() throws Exception {
        try (Pod pod = start("2M", "2")) {
            String padding = "x".repeat(700_000);
            HttpResponse<InputStream> living =
                    CLIENT.send(request(pod, response(padding, 1_000, true)), BodyHandlers.ofInputStream());
            HttpResponse<String> refused = post(pod, response(padding, 1, false));

            assertThat(living.statusCode()).isEqualTo(200);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(refused.body()).contains("lastcall.run.memory = 2097152");

            living.body().close();
            await().atMost(LIMIT)
                    .until(() -> post(pod, response(padding, 1, false)).statusCode() == 200);
        }
    }

    private static Pod start(String memory, String tokensPerSecond) {
        Map<String, String> settings = ShortDrain.of();
        settings.put("lastcall.run.memory", memory);
        settings.put("lastcall.model.scripted.tokens-per-second", tokensPerSecond);
        settings.put("lastcall.api.abandoned-after", "100ms");
        return Pod.start(SMALL, settings);
    }

    private static String response(String instructions, int tokens, boolean stream) {
        return new JsonObject()
                .put("instructions", instructions)
                .put("input", "count to " + tokens)
                .put("stream", stream)
                .put("store", !stream)
                .encode();
    }

    private static HttpRequest request(Pod pod, String body) {
        return HttpRequest.newBuilder(pod.http("/v1/responses"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .timeout(LIMIT)
                .build();
    }

    private static HttpResponse<String> post(Pod pod, String body) throws Exception {
        return CLIENT.send(request(pod, body), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(Pod pod, String id) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(pod.http("/v1/responses/" + id)).build(), BodyHandlers.ofString());
    }

    private static String id(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getString("id");
    }
}
