package dev.lastcall.management.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The traces and logs that the packaged application sends before its exit. */
class TracesIT {
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
