package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Forwarder;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The official SDK, unmodified, while the pod that it talks to ends: two pods, one address, endpoints that go later than pods are told. */
class OpenAiSdkIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int TOKENS = 400;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void callsOutliveTheirPod() throws Exception {
        try (Databases databases = Databases.start();
                Forwarder service = Forwarder.start();
                Pod old = Pod.start(settings(databases.settings()));
                Pod next = Pod.start(settings(databases.settings()))) {
            service.add(old.httpPort());
            OpenAIClient client = client(service.port());
            // The first call of a client loads more classes than a run has tokens.
            untilEnd(client, client.responses().create(counting(1)).id(), -1);
            Response background = client.responses()
                    .create(counting(TOKENS).toBuilder().background(true).build());
            CompletableFuture<Response> whole =
                    CompletableFuture.supplyAsync(() -> client.responses().create(counting(TOKENS)), threads);
            CompletableFuture<List<ResponseStreamEvent>> stream =
                    CompletableFuture.supplyAsync(() -> untilCut(client, background.id()), threads);
            // Two runs and the two requests that wait for them.
            new Operator(old).awaitInFlight(4);

            old.signal("TERM");
            new Operator(old).awaitState("draining");
            service.add(next.httpPort());

            assertThat(answeredAfterRefusal(service.port())).isEqualTo(upTo(3));
            service.withdraw(old.httpPort());
            assertThat(old.exitCode(LIMIT)).isZero();
            JsonNode report = new Operator(old).report();
            assertThat(report.get("cut").asInt()).isZero();
            // The stream was broken off by us, and its client was there to the end.
            assertThat(report.get("left").asInt()).as(report.toString()).isZero();

            assertThat(text(whole.join())).isEqualTo(upTo(TOKENS));
            assertThat(resumed(client, background.id(), stream.join())).isEqualTo(upTo(TOKENS));
            Response found = client.responses().retrieve(background.id());
            assertThat(found.status()).contains(ResponseStatus.COMPLETED);
            assertThat(found.toString()).contains("lastcall_handoffs");
            client.close();
        }
    }

    /** Two connections at most: one of them to the pod that takes nothing new. */
    private static String answeredAfterRefusal(int port) {
        OpenAIClient fresh = client(port);
        String first = text(fresh.responses().create(counting(3)));
        String second = text(client(port).responses().create(counting(3)));
        fresh.close();
        assertThat(second).isEqualTo(first);
        return first;
    }

    @Test
    void podWithoutADatabaseWaitsForItsBackgroundRuns() {
        Map<String, String> alone = Map.of(
                "quarkus.datasource.active", "false", "quarkus.redis.active", "false", "lastcall.run.max-owned", "1");
        try (Pod pod = Pod.start(settings(alone))) {
            OpenAIClient client = client(pod.httpPort());
            client.responses().create(counting(150).toBuilder().background(true).build());
            assertThatThrownBy(() -> client.withOptions(options -> options.maxRetries(0))
                            .responses()
                            .create(counting(1)))
                    .isInstanceOf(RateLimitException.class);
            assertThatThrownBy(() -> client.responses()
                            .create(counting(1).toBuilder().model("gpt-5").build()))
                    .isInstanceOf(NotFoundException.class)
                    .hasMessageContaining("The model 'gpt-5' does not exist");
            pod.signal("TERM");

            assertThat(pod.exitCode(LIMIT)).isZero();

            Operator operator = new Operator(pod);
            assertThat(operator.report().get("cut").asInt()).isZero();
            // 150 tokens at 30 a second are 5 s, of which a busy machine needs some before the signal.
            assertThat(operator.lasted("draining")).isGreaterThan(Duration.ofMillis(500));
            client.close();
        }
    }

    private static Map<String, String> settings(Map<String, String> databases) {
        Map<String, String> settings = new HashMap<>(databases);
        settings.putAll(ShortDrain.of());
        settings.put("lastcall.model.scripted.tokens-per-second", "30");
        return settings;
    }

    private static OpenAIClient client(int port) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://localhost:" + port + "/v1")
                .apiKey("none")
                .build();
    }

    private static ResponseCreateParams counting(int to) {
        return ResponseCreateParams.builder()
                .model("scripted")
                .input("count to " + to)
                .build();
    }

    /** All events until the pod ends, which is an error and never an end. */
    private static List<ResponseStreamEvent> untilCut(OpenAIClient client, String id) {
        List<ResponseStreamEvent> events = new ArrayList<>();
        ResponseRetrieveParams params =
                ResponseRetrieveParams.builder().responseId(id).build();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().retrieveStreaming(params)) {
            stream.stream().forEach(events::add);
        } catch (OpenAIException cut) {
            return events;
        }
        throw new AssertionError("ended cleanly after " + events.size() + " events (expected: an error)");
    }

    private static String resumed(OpenAIClient client, String id, List<ResponseStreamEvent> before) {
        List<ResponseStreamEvent> events = new ArrayList<>(before);
        events.addAll(untilEnd(client, id, before.size() - 1L));
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        events.forEach(accumulator::accumulate);
        String said = events.stream()
                .flatMap(event -> event.outputTextDelta().stream())
                .map(delta -> delta.delta())
                .collect(Collectors.joining());
        assertThat(text(accumulator.response())).isEqualTo(said);
        return said;
    }

    private static List<ResponseStreamEvent> untilEnd(OpenAIClient client, String id, long after) {
        ResponseRetrieveParams.Builder params = ResponseRetrieveParams.builder().responseId(id);
        if (after >= 0) {
            params.startingAfter(after);
        }
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().retrieveStreaming(params.build())) {
            return stream.stream().toList();
        }
    }

    private static String upTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(each -> each + " ").collect(Collectors.joining());
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream())
                .map(output -> output.text())
                .collect(Collectors.joining());
    }
}
