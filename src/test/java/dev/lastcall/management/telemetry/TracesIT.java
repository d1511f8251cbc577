package dev.lastcall.management.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lastcall.model.StandIn;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The traces and logs that the packaged application sends before its exit. */
class TracesIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void drainsTraceIsExportedAndItsReportLoggedAsOneJsonRecord() throws Exception {
        try (Collector collector = new Collector()) {
            Map<String, String> settings = ShortDrain.of();
            settings.put("lastcall.telemetry.endpoint", collector.address());
            settings.put("quarkus.log.console.json.enabled", "true");
            try (Pod pod = Pod.start(settings)) {
                pod.signal("TERM");
                assertThat(pod.exitCode(LIMIT)).isZero();

                // Protocol Buffers, in which the names are plain text.
                assertThat(collector.bodies)
                        .singleElement()
                        .asString()
                        .contains("service.name", "lastcall", "draining", "drained", "releasing", "sigterm");
                assertThat(collector.paths).containsOnly("/v1/traces");
                JsonNode report = reportIn(pod.lines());
                assertThat(report.get("exit-code").asInt()).isZero();
                assertThat(report.get("release").findValuesAsText("step")).contains("traces");
            }
        }
    }

    @Test
    void clientsTraceGoesOnToTheModelAndIntoTheLogAndTheLastMetricsToTheCollector() throws Exception {
        try (Collector collector = new Collector();
                StandIn upstream = StandIn.start()) {
            upstream.then(StandIn.diesAfter("one ")).then(StandIn.says("two"));
            Map<String, String> settings = ShortDrain.of();
            settings.put("lastcall.model.openai.base-url", upstream.url());
            settings.put("lastcall.telemetry.endpoint", collector.address());
            settings.put("lastcall.telemetry.metrics", "true");
            settings.put("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=here");
            settings.put("OTEL_EXPORTER_OTLP_COMPRESSION", "none");
            settings.put("OTEL_BSP_SCHEDULE_DELAY", "5000");
            settings.put("quarkus.log.console.json.enabled", "true");
            try (Pod pod = Pod.start(settings)) {
                HttpRequest request = HttpRequest.newBuilder(pod.http("/v1/chat/completions"))
                        .header("Content-Type", "application/json")
                        .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                        .header("tracestate", "a=1")
                        .header("tracestate", "b=2")
                        .header("baggage", "user=alice")
                        .POST(BodyPublishers.ofString(
                                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"))
                        .build();
                HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString(UTF_8));
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);

                // Both times that the upstream was asked.
                assertThat(upstream.headers.stream()
                                .filter(header -> header.getKey().startsWith("trace")
                                        || header.getKey().equals("baggage")))
                        .containsExactlyInAnyOrder(
                                Map.entry("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01"),
                                Map.entry("tracestate", "a=1,b=2"),
                                Map.entry("baggage", "user=alice"),
                                Map.entry("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01"),
                                Map.entry("tracestate", "a=1,b=2"),
                                Map.entry("baggage", "user=alice"));
                assertThat(pod.awaitLine(".*model failed.*", LIMIT).group())
                        .contains("\"traceId\":\"" + TRACE + "\"", "\"parentId\":\"00f067aa0ba902b7\"");
                pod.signal("TERM");
                assertThat(pod.exitCode(LIMIT)).isZero();

                assertThat(collector.paths).containsExactlyInAnyOrder("/v1/traces", "/v1/metrics");
                assertThat(collector.bodies)
                        .allMatch(body -> body.contains("deployment.environment.name"))
                        .anyMatch(body -> body.contains("lastcall.served"))
                        .anyMatch(body -> body.contains("lastcall.requests.served")
                                && body.contains("lastcall.drains")
                                && body.contains("sigterm"));
                assertThat(pod.lines())
                        .filteredOn(line -> line.contains("OTEL_"))
                        .singleElement()
                        .asString()
                        .contains("OTEL_BSP_SCHEDULE_DELAY");
            }
        }
    }

    @Test
    void collectorThatDoesNotAnswerCostsASecondAndNoExitCode() throws Exception {
        // Listens and never accepts.
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> settings = ShortDrain.of("release-reserve", "4s");
            settings.put("lastcall.telemetry.endpoint", "http://127.0.0.1:" + silent.getLocalPort());
            try (Pod pod = Pod.start(settings)) {
                pod.signal("TERM");
                assertThat(pod.exitCode(LIMIT)).isZero();
                assertThat(pod.lines())
                        .anyMatch(line -> line.contains("\"step\":\"traces\"") && line.contains("\"optional\":true"));
            }
        }
    }

    private static JsonNode reportIn(List<String> lines) throws IOException {
        ObjectMapper json = new ObjectMapper();
        for (String line : lines) {
            JsonNode record = json.readTree(line);
            if (record.path("loggerName").asText().equals("dev.lastcall.report")) {
                return json.readTree(record.get("message").asText());
            }
        }
        throw new AssertionError("no report in " + String.join("\n", lines));
    }

    /** OTLP over HTTP, as far as a test needs it. */
    private static final class Collector implements AutoCloseable {
        final List<String> bodies = new CopyOnWriteArrayList<>();
        final List<String> paths = new CopyOnWriteArrayList<>();
        private final HttpServer server;

        Collector() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::take);
            server.start();
        }

        private void take(HttpExchange exchange) throws IOException {
            try (exchange) {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
                paths.add(exchange.getRequestURI().getPath());
                exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
                exchange.sendResponseHeaders(200, -1);
            }
        }

        String address() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
