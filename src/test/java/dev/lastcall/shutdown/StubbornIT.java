package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The packaged application with parts that do not want to end. */
class StubbornIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path JAR =
            Path.of(System.getProperty("lastcall.stubborn-jar", "target/stubborn/target/quarkus-app/quarkus-run.jar"));

    @Test
    void workerDeafToInterruptsDoesNotOutliveTheDeadline() throws IOException {
        try (Pod pod = Pod.start(JAR, ShortDrain.of("grace-period", "6s"));
                // The JDK's HTTP client asks again where a connection ends without an answer.
                Socket client = new Socket("localhost", pod.http("/").getPort())) {
            client.setSoTimeout((int) LIMIT.toMillis());
            client.getOutputStream().write("GET /deaf HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Operator operator = new Operator(pod);
            operator.awaitInFlight(1);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isOne();
            JsonNode report = operator.report();
            assertThat(report.get("cut").asInt()).isOne();
            assertThat(report.at("/cuts/0/path").asText()).isEqualTo("/deaf");
            assertThat(client.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void stepsAndWorkersThatHangOrThrowAreReportedAndStopNoOther() {
        try (Databases databases = Databases.start()) {
            Map<String, String> settings = ShortDrain.of();
            settings.putAll(databases.settings());
            try (Pod pod = Pod.start(JAR, settings)) {
                pod.signal("TERM");
                assertThat(pod.exitCode(LIMIT)).isOne();
                JsonNode release = new Operator(pod).report().get("release");
                assertThat(outcomes(release))
                        .containsSubsequence(
                                "hanging: timed out", "throwing: failed", "redis: released", "postgresql: released")
                        .contains("worker diligent: released", "worker deaf: failed");
                assertThat(release.findValuesAsText("cause"))
                        .hasSize(2)
                        .anyMatch(cause -> cause.contains("no luck"))
                        .anyMatch(cause -> cause.contains("it did not hear it and runs on"));
            }
        }
    }

    private static List<String> outcomes(JsonNode release) {
        List<String> steps = release.findValuesAsText("step");
        List<String> outcomes = release.findValuesAsText("outcome");
        return java.util.stream.IntStream.range(0, steps.size())
                .mapToObj(i -> steps.get(i) + ": " + outcomes.get(i))
                .toList();
    }
}
