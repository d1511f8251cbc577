package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A pod gets SIGTERM while its clients wait: its runs continue on another pod at once, and its clients stay connected as long as possible.
 */
class HandOffIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** A run at 20 tokens a second that ends within the 12.5 s before CANCELLING. */
    private static final int SHORT = 80;

    private static final int LONG = 400;

    /** HTTP/1.1 only: over HTTP/2, JDK 17's client fails what is in flight when GOAWAY comes. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Deployment pods = new Deployment("model.scripted.tokens-per-second", "20");
    private final Pod old = pods.add();
    private final Pod next = pods.add();

    @BeforeEach
    void knowEachOther() {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(pods.ask("SELECT count(*) FROM pods"))
                .isEqualTo("2"));
    }

    @AfterEach
    void close() {
        pods.close();
    }

    @Test
    void clientsStayOnTheEndingPodWhileTheNextOneExecutes() throws Exception {
        try (Clients stayed = new Clients(4);
                Clients outlasted = new Clients(4)) {
            stayed.begin(4, SHORT, () -> List.of(old), LIMIT);
            pods.withdraw(next);
            outlasted.begin(4, LONG, pods::serving, LIMIT);
            stayed.awaitTokens(5);
            outlasted.awaitTokens(5);
            CompletableFuture<HttpResponse<String>> relayed = post(old, "count to " + SHORT);
            CompletableFuture<HttpResponse<String>> elsewhere = post(old, "count to " + LONG);
            new Operator(old).awaitInFlight(20);
            pods.serving().add(next);
            pods.withdraw(old);
            old.signal("TERM");
            // Given away: the other has all ten of them, while the old one has its clients.
            await().atMost(LIMIT).untilAsserted(() -> assertThat(pods.ask("SELECT sum(handoffs) FROM runs"))
                    .isEqualTo("10"));
            assertThat(new Operator(old).drain().get("state").asText()).isEqualTo("draining");

            assertThat(stayed.finish(LIMIT)).allSatisfy(client -> {
                assertThat(client.tokens()).isEqualTo(Clients.countTo(SHORT));
                assertThat(client.connections()).isOne();
            });
            assertThat(outlasted.finish(LIMIT)).allSatisfy(client -> {
                assertThat(client.tokens()).isEqualTo(Clients.countTo(LONG));
                // Told with "shutdown", not cut: one resume and no more.
                assertThat(client.connections()).isEqualTo(2);
            });
            assertWhole(relayed.get(60, TimeUnit.SECONDS), SHORT);
            HttpResponse<String> told = elsewhere.get(60, TimeUnit.SECONDS);
            assertThat(told.statusCode()).isEqualTo(303);
            String location = told.headers().firstValue("location").orElseThrow();
            assertThat(location).startsWith("/agent/runs/").endsWith("?wait=true");
            URI there = next.http(location);
            assertWhole(http.send(HttpRequest.newBuilder(there).build(), BodyHandlers.ofString()), LONG);

            assertThat(old.exitCode(LIMIT)).isZero();
            JsonObject report = new JsonObject(new Operator(old).report().toString());
            assertThat(report.getLong("cut")).isZero();
            assertThat(report.getLong("handed-off").toString())
                    .isEqualTo(pods.ask("SELECT sum(handoffs) FROM runs"))
                    .isNotEqualTo("0");
            assertThat(pods.ask("SELECT count(*) FROM runs")).isEqualTo("10");
            assertThat(pods.ask("SELECT sum(attempts) FROM runs")).isEqualTo("0");
            System.out.println("hand-off: longest gaps in ms "
                    + stayed.all().stream()
                            .map(client -> client.longestGap().toMillis())
                            .toList());
        }
    }

    private CompletableFuture<HttpResponse<String>> post(Pod pod, String input) {
        HttpRequest request = HttpRequest.newBuilder(pod.http("/agent/run"))
                .header("content-type", "application/json")
                // By its own name the JDK's client would be told to come again: it follows no redirect.
                .header("user-agent", "a-client-that-follows")
                .POST(HttpRequest.BodyPublishers.ofString(
                        new JsonObject().put("input", input).encode()))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    private static void assertWhole(HttpResponse<String> answer, int tokens) {
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonObject body = new JsonObject(answer.body());
        assertThat(body.getInteger("tokens")).isEqualTo(tokens);
        assertThat(body.getString("output")).isEqualTo(String.join("", Clients.countTo(tokens)));
    }
}
