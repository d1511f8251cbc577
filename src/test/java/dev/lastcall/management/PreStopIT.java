package dev.lastcall.management;

import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Pod;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreStopIT {
    private static final Map<String, String> NO_DATABASES =
            Map.of("quarkus.datasource.active", "false", "quarkus.redis.active", "false");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void hookThatASignalOvertakesIsStillAnsweredBeforeTheExit() throws Exception {
        try (Pod pod = Pod.start(NO_DATABASES)) {
            var hook = client.sendAsync(
                    HttpRequest.newBuilder(pod.management("/drain/pre-stop")).build(), BodyHandlers.ofString());
            pod.awaitLine("pre-stop", ofSeconds(10));
            pod.signal("TERM");

            assertThat(hook.get(60, SECONDS).statusCode()).isEqualTo(200);
            assertThat(pod.exitCode(ofSeconds(20))).isZero();
        }
    }
}
