package dev.lastcall.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BadInputIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Map<String, Integer> badRequests() {
        Map<String, Integer> requests = new LinkedHashMap<>();
        requests.put(post("/agent/run", "{"), 400);
        requests.put(post("/agent/run", "{}"), 400);
        requests.put(post("/agent/stream", "{\"input\":7}"), 400);
        requests.put(post("/agent/stream", AgentRequest.body("x".repeat(70_000))), 413);
        requests.put(AgentRequest.head("/agent/run", 20 << 20), 413);
        requests.put(post("/agent/nothing", "{}"), 404);
        requests.put(get("/nothing"), 404);
        requests.put(get("/agent/run"), 405);
        requests.put(get("/agent/ws"), 404);
        requests.put(get("/%zz"), 400);
        requests.put("nonsense\r\n\r\n", 400);
        requests.put(get("/").replace("Host: ", "Content-Length: one\r\nHost: "), 400);
        requests.put(get("/" + "x".repeat(70_000)), 414);
        return requests;
    }

    private static String post(String path, String body) {
        return AgentRequest.head(path, body.length()) + body;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    @Test
    void badInputIsTheClientsFaultAndLeavesNoCount() throws IOException {
        try (Pod pod = Pod.start(ShortDrain.of())) {
            for (Map.Entry<String, Integer> bad : badRequests().entrySet()) {
                try (RawClient client = new RawClient(pod.httpPort())) {
                    client.sendBytes(bad.getKey().getBytes(UTF_8));
                    assertThat(client.readTo("\r\n\r\n"))
                            .as(bad.getKey())
                            .matches("(?s)HTTP/1\\.[01] " + bad.getValue() + " .*");
                }
            }
            Operator operator = new Operator(pod);
            operator.awaitInFlight(0);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(operator.report().get("cut").asInt()).isZero();
        }
    }
}
