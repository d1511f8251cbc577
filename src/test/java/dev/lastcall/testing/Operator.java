package dev.lastcall.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Reads a pod's management API and its report. */
public final class Operator {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern REPORT = Pattern.compile("\\[dev\\.lastcall\\.report].*?(\\{.*})$");

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Pod pod;

    public Operator(Pod pod) {
        this.pod = pod;
    }

    /** Asks on the management port; at the latest after 60 s there is an answer or a failure. */
    public HttpResponse<String> ask(String method, String path) {
        return begin(method, path)
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Asks for what is answered at its own time, as a preStop hook is. */
    public CompletableFuture<HttpResponse<String>> begin(String method, String path) {
        HttpRequest request = HttpRequest.newBuilder(pod.management(path))
                .method(method, BodyPublishers.noBody())
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    /** {@code GET /drain}. */
    public JsonNode drain() {
        return parse(ask("GET", "/drain").body());
    }

    /** {@code GET /drain/in-flight}. */
    public JsonNode inFlight() {
        return parse(ask("GET", "/drain/in-flight").body());
    }

    /** A metric's value; with its labels as they are written, as in {@code lastcall_in_flight{class="run"}}. */
    public double metric(String name) {
        String metrics = ask("GET", "/q/metrics").body();
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in\n" + metrics));
    }

    public void awaitInFlight(int count) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(inFlight().get("count").asInt()).isEqualTo(count));
    }

    public void awaitState(String state) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(drain().get("state").asText()).isEqualTo(state));
    }

    /** The one report in the log of a pod that has ended. */
    public JsonNode report() {
        List<String> reports = pod.lines().stream()
                .flatMap(each -> REPORT.matcher(each).results().map(match -> match.group(1)))
                .toList();
        assertThat(reports).as(String.join("\n", pod.lines())).hasSize(1);
        return parse(reports.get(0));
    }

    /** Returns the duration of a stage of the reported drain. */
    public Duration lasted(String stage) {
        for (JsonNode each : report().get("stages")) {
            if (each.get("stage").asText().equals(stage)) {
                return Duration.ofMillis(each.get("lasted-ms").asLong());
            }
        }
        throw new AssertionError("no stage " + stage + " in " + report());
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
