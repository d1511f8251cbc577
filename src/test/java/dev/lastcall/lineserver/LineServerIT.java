package dev.lastcall.lineserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.RawClient;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The packaged application's line server, through a real SIGTERM. */
class LineServerIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void openConnectionIsServedInTheDrainAndLeftWithAGoodbye() throws Exception {
        Map<String, String> settings = ShortDrain.of("grace-period", "5s", "cancel-reserve", "1s");
        settings.put("lastcall.line-server.port", "0");
        try (Pod pod = Pod.start(settings)) {
            int port =
                    Integer.parseInt(pod.awaitLine("Listening on: tcp://0\\.0\\.0\\.0:(\\d+) name=line-server", LIMIT)
                            .group(1));
            try (RawClient client = new RawClient(port)) {
                client.write("hello\n");
                assertThat(client.readTo("\n")).isEqualTo("hello\n");
                pod.signal("TERM");
                pod.awaitLine("drain state=draining", LIMIT);
                client.write("still there?\n");
                assertThat(client.readTo("\n")).isEqualTo("still there?\n");
                assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII))
                        .isEqualTo("Server is shutting down. Goodbye!\n");
            }
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(new Operator(pod).report().get("release").findValuesAsText("step"))
                    .containsExactly("line-server");
        }
    }
}
