package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A run that one pod executes and another one's client follows, while Redis comes and goes. */
class RedisTailIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int TOKENS = 600;
    private static final String FROM_REDIS = "lastcall_tail_source_total{source=\"redis\"}";
    private static final Pattern TEXT = Pattern.compile("\"type\":\"token\".*\"text\":\"([0-9]+) \"");

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Integer> tokens = new CopyOnWriteArrayList<>();

    @Test
    void followerOnAnotherPodGetsEachTokenOnceThoughRedisGoesAndComes() throws Exception {
        try (Databases databases = Databases.start();
                Pod executes = Pod.start(settings(databases));
                Pod follows = Pod.start(settings(databases))) {
            var unused = client.sendAsync(begin(executes), BodyHandlers.discarding());
            String run = run(databases);
            CompletableFuture<Void> end = follow(follows, run);
            awaitMoreFromRedis(follows);

            databases.redis().kill();
            int before = tokens.size();
            Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(tokens)
                    .hasSizeGreaterThan(before));
            databases.redis().restart();
            awaitMoreFromRedis(follows);

            end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(tokens)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, TOKENS).boxed().toList());
        }
    }

    private static Map<String, String> settings(Databases databases) {
        Map<String, String> settings = new HashMap<>(databases.settings());
        settings.put("lastcall.model.scripted.tokens-per-second", "50");
        return settings;
    }

    private static HttpRequest begin(Pod pod) {
        String input = new JsonObject().put("input", "count to " + TOKENS).encode();
        return HttpRequest.newBuilder(pod.http("/agent/stream"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(input))
                .build();
    }

    private static String run(Databases databases) {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(
                        TestRuns.query(databases.postgres(), "SELECT id FROM runs"))
                .hasSize(1));
        return TestRuns.one(databases.postgres(), "SELECT id FROM runs");
    }

    private CompletableFuture<Void> follow(Pod pod, String run) {
        HttpRequest request = HttpRequest.newBuilder(pod.http("/agent/runs/" + run + "/events"))
                .header("Accept", "text/event-stream")
                .build();
        CompletableFuture<HttpResponse<Stream<String>>> answer = client.sendAsync(request, BodyHandlers.ofLines());
        return answer.thenAcceptAsync(response -> response.body().forEach(line -> TEXT.matcher(line)
                .results()
                .map(MatchResult::group)
                .map(text -> text.replaceAll(".*\"text\":\"([0-9]+) \"", "$1"))
                .forEach(text -> tokens.add(Integer.parseInt(text)))));
    }

    private static void awaitMoreFromRedis(Pod pod) {
        Operator operator = new Operator(pod);
        double before = operator.metric(FROM_REDIS);
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(250)).untilAsserted(() -> assertThat(
                        operator.metric(FROM_REDIS))
                .isGreaterThan(before));
    }
}
