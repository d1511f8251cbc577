package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.http.RawClient;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.Program;
import dev.lastcall.testing.ShortDrain;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The packaged sidecar before a program that talks nonsense and dies, and behind clients that try to smuggle. */
class RudeUpstreamIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Pod before(Program program) {
        Map<String, String> settings = ShortDrain.of();
        settings.put("lastcall.proxy.upstream", "http://127.0.0.1:" + program.await("rude listens on (\\d+)"));
        settings.put("lastcall.proxy.listen", "127.0.0.1:0");
        return Pod.start(settings);
    }

    private static String ask(Pod pod, String path) throws Exception {
        try (RawClient client = new RawClient(pod.httpPort())) {
            client.send("GET " + path + " HTTP/1.1", "Host: a", "Connection: close", "");
            return new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void everyClientGetsAnAnswerOrTheEndOfOneThatWasBegun() throws Exception {
        try (Program rude = Program.start("dev.lastcall.proxy.Rude", "0");
                Pod pod = before(rude)) {
            assertThat(ask(pod, "/")).startsWith("HTTP/1.1 200").endsWith("ok");
            assertThat(ask(pod, "/garbage")).startsWith("HTTP/1.1 502").contains("\"retryable\":false");
            assertThat(ask(pod, "/silence")).startsWith("HTTP/1.1 502").contains("\"retryable\":false");
            assertThat(ask(pod, "/half")).startsWith("HTTP/1.1 200").endsWith("half");
            assertThat(ask(pod, "/die"))
                    .startsWith("HTTP/1.1 200")
                    .contains("half")
                    .doesNotContain("\r\n0\r\n");
            rude.awaitEnd();
            assertThat(ask(pod, "/")).startsWith("HTTP/1.1 502").contains("\"retryable\":true");
            Operator operator = new Operator(pod);
            operator.awaitInFlight(0);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            JsonNode report = operator.report();
            assertThat(report.get("left").asInt()).isZero();
            assertThat(report.get("cut").asInt()).isZero();
        }
    }

    @Test
    void nothingIsSmuggled() throws Exception {
        try (Program rude = Program.start("dev.lastcall.proxy.Rude", "0");
                Pod pod = before(rude)) {
            List<String> requests = Ambiguous.requests().toList();
            for (String request : requests) {
                try (RawClient client = new RawClient(pod.httpPort())) {
                    client.write(request + Ambiguous.BEHIND);
                    assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                            .as(request)
                            .containsPattern("^HTTP/\\d\\.\\d " + Ambiguous.refusals(request) + " ")
                            .doesNotContain("200 OK");
                }
            }
            assertThat(ask(pod, "/last")).endsWith("ok");
            rude.await("asked for (/last)");
            assertThat(rude.lines())
                    .filteredOn(line -> line.startsWith("asked for"))
                    .containsExactly("asked for /last");
        }
    }
}
