package dev.lastcall.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The Prometheus of this machine, which scrapes pods every half second and evaluates the rules; nothing is downloaded. */
final class Prometheus implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Instant started = Instant.now();
    private final ChildProcess process;
    private final String address;

    private Prometheus(Path executable, Path folder, Map<String, Pod> pods) {
        Path config = folder.resolve("prometheus.yaml");
        StringBuilder targets = new StringBuilder();
        pods.forEach((name, pod) -> targets.append("""
                  - targets: ["127.0.0.1:%d"]
                    labels: {namespace: test, pod: "%s"}
            """.formatted(pod.managementPort(), name)));
        write(config, """
            global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 1s}
            rule_files: ["%s"]
            scrape_configs:
              - job_name: lastcall
                metrics_path: /q/metrics
                static_configs:
            %s""".formatted(Path.of("k8s", "monitoring", "alerts.yaml").toAbsolutePath(), targets));
        process = ChildProcess.start(Command.of(
                executable.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:0"));
        address = process.awaitLine("Listening on\\W+address=(127\\.0\\.0\\.1:[1-9][0-9]*)", LIMIT)
                .group(1);
        process.awaitLine("Server is ready to receive web requests", LIMIT);
    }

    /** Skips the test where there is none, unless PROMETHEUS says that there must be one. */
    static Path executable() {
        Optional<Path> executable = Stream.concat(
                        Stream.ofNullable(System.getenv("PROMETHEUS")),
                        Stream.of("/usr/bin/prometheus", "/usr/local/bin/prometheus"))
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (executable.isEmpty() && System.getenv("PROMETHEUS") != null) {
            throw new AssertionError("PROMETHEUS: " + System.getenv("PROMETHEUS") + " (expected: a program)");
        }
        Assumptions.assumeTrue(
                executable.isPresent(),
                "skipped: no Prometheus on this machine (apt-get install prometheus, or PROMETHEUS=/path/to/it)");
        return executable.orElseThrow();
    }

    static Prometheus start(Path executable, Path folder, Map<String, Pod> pods) {
        return new Prometheus(executable, folder, pods);
    }

    /** Returns the values of an expression since this was started, second by second: the {@code result} of a range query. */
    JsonNode range(String expression) {
        return ask("query_range?step=1&start=" + started.getEpochSecond() + "&end="
                        + Instant.now().getEpochSecond() + "&query=" + URLEncoder.encode(expression, UTF_8))
                .at("/data/result");
    }

    /** Returns the present value of an expression: the {@code result} of a query. */
    JsonNode now(String expression) {
        return ask("query?query=" + URLEncoder.encode(expression, UTF_8)).at("/data/result");
    }

    JsonNode ask(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/api/v1/" + path))
                    .timeout(LIMIT)
                    .build();
            return JSON.readTree(
                    client.send(request, BodyHandlers.ofString(UTF_8)).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
