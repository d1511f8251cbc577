package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The length of the lame duck after different traffic. */
class QuietIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration MAX = Duration.ofSeconds(3);

    private static Pod start(Duration max) {
        Map<String, String> settings =
                ShortDrain.of("grace-period", "50s", "lame-duck.min", "0s", "lame-duck.max", max.toSeconds() + "s");
        settings.put("lastcall.drain.lame-duck.quiet-period", "200ms");
        return Pod.start(settings);
    }

    private static void send(Pod pod, int requests, String userAgent) throws IOException {
        try (RawClient client = new RawClient(pod.httpPort())) {
            for (int i = 0; i < requests; i++) {
                client.sendBytes(AgentRequest.of("/agent/run", "hello", "User-Agent: " + userAgent));
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, curl/8.5", "4, curl/8.5", "40, kube-probe/1.31", "40, Prometheus/2.53"})
    void silenceThatMeansNothingIsWaitedOutToTheMax(int requests, String userAgent) throws Exception {
        try (Pod pod = start(MAX)) {
            send(pod, requests, userAgent);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            Operator operator = new Operator(pod);
            assertThat(operator.lasted("lame-duck")).isGreaterThanOrEqualTo(MAX);
            assertThat(operator.report().get("served").asInt()).isZero();
        }
    }

    @Test
    void silenceAfterDenseTrafficEndsTheLameDuckEarly() throws Exception {
        Duration max = Duration.ofSeconds(30);
        try (Pod pod = start(max)) {
            send(pod, 200, "curl/8.5");
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(new Operator(pod).lasted("lame-duck")).isBetween(Duration.ofMillis(200), max.minusSeconds(1));
        }
    }

    @Test
    void probesServedInTheLameDuckDoNotProlongIt() throws Exception {
        Duration max = Duration.ofSeconds(30);
        try (Pod pod = start(max)) {
            send(pod, 200, "curl/8.5");
            pod.signal("TERM");
            pod.awaitLine("drain state=lame-duck", LIMIT);
            try (RawClient probe = new RawClient(pod.httpPort())) {
                probe.sendBytes(AgentRequest.of("/agent/run", "hello", "User-Agent: kube-probe/1.31"));
                probe.readToEnd();
            }
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(new Operator(pod).lasted("lame-duck")).isLessThan(max);
        }
    }
}
