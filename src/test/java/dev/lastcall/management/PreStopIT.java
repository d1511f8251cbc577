package dev.lastcall.management;

import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreStopIT {
    private static final Map<String, String> NO_DATABASES =
            Map.of("quarkus.datasource.active", "false", "quarkus.redis.active", "false");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void imageOfAPageDrainsNoPodAndAHookDoes() throws Exception {
        try (Pod pod = Pod.start(NO_DATABASES)) {
            var image = HttpRequest.newBuilder(pod.management("/drain/pre-stop"))
                    .header("Accept", "image/avif,image/webp,*/*;q=0.8")
                    .header("Accept-Language", "en")
                    .build();
            assertThat(client.send(image, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
            var preflight = HttpRequest.newBuilder(pod.management("/drain/pre-stop"))
                    .method("OPTIONS", BodyPublishers.noBody())
                    .headers("Origin", "http://evil.example", "Access-Control-Request-Method", "GET")
                    .header("Access-Control-Request-Headers", "x-lastcall-pre-stop")
                    .build();
            var allowed = client.send(preflight, BodyHandlers.ofString());
            assertThat(allowed.statusCode()).isEqualTo(405);
            assertThat(allowed.headers().map().keySet())
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
            assertThat(new Operator(pod).drain().get("state").asText()).isEqualTo("serving");

            var kubelet = HttpRequest.newBuilder(pod.management("/drain/pre-stop"))
                    .headers("User-Agent", "kube-lifecycle/1.30", "X-Lastcall-Pre-Stop", "1")
                    .build();
            assertThat(client.send(kubelet, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            assertThat(pod.lines()).noneMatch(line -> line.contains("without the header"));
            var old = HttpRequest.newBuilder(pod.management("/drain/pre-stop")).build();
            assertThat(client.send(old, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            pod.awaitLine("lifecycle.preStop.httpGet", ofSeconds(10));
            pod.signal("TERM");
            assertThat(pod.exitCode(ofSeconds(60))).isZero();
        }
    }

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
