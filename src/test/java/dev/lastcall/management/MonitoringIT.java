package dev.lastcall.management;

import static java.util.stream.Collectors.toSet;
import static java.util.stream.StreamSupport.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.http.RawClient;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.RedisProcess;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fleet with a Redis and without PostgreSQL, scraped by a real Prometheus with our rules: one pod cuts a request and exits, one is killed,
 * one survives, is drained and undrained.
 */
class MonitoringIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void survivorTellsTheLossesAndEveryPictureAndRuleHasData() throws Exception {
        Path executable = Prometheus.executable();
        try (RedisProcess redis = RedisProcess.start();
                Pod cuts = pod(redis, "cuts");
                Pod killed = pod(redis, "killed");
                Pod stays = pod(redis, "stays");
                Prometheus prometheus =
                        Prometheus.start(executable, folder, Map.of("cuts", cuts, "killed", killed, "stays", stays));
                RawClient client = new RawClient(cuts.httpPort())) {
            Operator survivor = new Operator(stays);
            await().atMost(LIMIT).untilAsserted(() -> assertThat(redis.command("ZCARD lastcall:drain:processes"))
                    .contains("3"));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            prometheus.now("up == 1 and on (pod) lastcall_fleet_requests_cut_total"))
                    .hasSize(3));
            String lost = instance(survivor, "killed");

            client.send(
                    "POST /agent/run HTTP/1.1", "Host: a", "Content-Type: application/json", "Content-Length: 7", "");
            new Operator(cuts).awaitInFlight(1);
            killed.signal("KILL");
            cuts.signal("TERM");
            survivor.ask("POST", "/drain");
            survivor.awaitState("drained");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(states(prometheus)).contains("4"));
            survivor.ask("DELETE", "/drain");
            assertThat(cuts.exitCode(LIMIT)).isOne();
            // As if a minute had passed.
            redis.command("ZADD lastcall:drain:processes XX 1 " + lost);

            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            survivor.metric("lastcall_fleet_drains_total{exit=\"lost\",trigger=\"none\"}"))
                    .isOne());
            assertThat(survivor.metric("lastcall_fleet_requests_cut_total")).isOne();
            assertThat(survivor.metric("lastcall_fleet_drains_total{exit=\"1\",trigger=\"sigterm\"}"))
                    .isOne();
            assertThat(JSON.readTree(survivor.ask("GET", "/drain/history").body())
                            .get("drains")
                            .findValuesAsText("ending"))
                    .containsExactlyInAnyOrder("ended", "undone", "lost");
            await().atMost(LIMIT).untilAsserted(() -> assertThat(firing(prometheus))
                    .contains("LastcallRequestsCut", "LastcallPodLost", "LastcallDrainFailed"));
            assertThat(prometheus.ask("rules").findValuesAsText("health")).containsOnly("ok");
            everyPictureHasData(prometheus);
            assertThat(states(prometheus)).contains("0", "4");
            prometheusOwnCheckFindsNothing(survivor.ask("GET", "/q/metrics").body());
        }
    }

    private static void everyPictureHasData(Prometheus prometheus) throws IOException {
        JsonNode dashboard =
                JSON.readTree(Path.of("k8s", "monitoring", "dashboard.json").toFile());
        List<String> empty = new ArrayList<>();
        for (String expression : dashboard.findValuesAsText("expr")) {
            JsonNode result = prometheus.range(expression
                    .replace("$namespace", "test")
                    .replace("$pod", ".*")
                    .replace("$__rate_interval", "5s"));
            if (result.isEmpty() || result.toString().contains("NaN")) {
                empty.add(expression + " gives " + result);
            }
        }
        assertThat(empty).isEmpty();
    }

    /** The values of the picture of states for the pod that stays: serving is not drained. */
    private static Set<String> states(Prometheus prometheus) throws IOException {
        String expression = JSON.readTree(
                        Path.of("k8s", "monitoring", "dashboard.json").toFile())
                .at("/panels/1/targets/0/expr")
                .asText();
        return prometheus
                .range(expression.replace("$namespace", "test").replace("$pod", "stays"))
                .findValues("values")
                .stream()
                .flatMap(values -> stream(values.spliterator(), false))
                .map(value -> value.get(1).asText())
                .collect(toSet());
    }

    private static List<String> firing(Prometheus prometheus) {
        return stream(prometheus.ask("alerts").at("/data/alerts").spliterator(), false)
                .map(alert -> alert.at("/labels/alertname").asText())
                .toList();
    }

    private static void prometheusOwnCheckFindsNothing(String scrape) throws Exception {
        Path promtool = Path.of("/usr/bin/promtool");
        Assumptions.assumeTrue(Files.isExecutable(promtool), "skipped: no promtool on this machine");
        Path file = Files.writeString(Files.createTempFile("lastcall-scrape", ".txt"), scrape);
        try (ChildProcess check = ChildProcess.start(Command.of("sh", "-c", promtool + " check metrics < " + file))) {
            assertThat(check.exitCode(LIMIT)).as("%s", check.lines()).isZero();
            assertThat(check.lines()).isEmpty();
        } finally {
            Files.delete(file);
        }
        assertThat(scrape).doesNotContain("NaN");
    }

    private static Pod pod(RedisProcess redis, String name) {
        Map<String, String> settings = ShortDrain.of();
        settings.put("quarkus.redis.hosts", redis.url());
        settings.put("lastcall.fleet.pod", name);
        settings.put("lastcall.fleet.refresh", "300ms");
        return Pod.start(settings);
    }

    private static String instance(Operator operator, String pod) throws IOException {
        for (JsonNode each :
                JSON.readTree(operator.ask("GET", "/drain/peers").body()).get("pods")) {
            if (each.get("pod").asText().equals(pod)) {
                return each.get("instance").asText();
            }
        }
        throw new AssertionError(pod + " is not seen");
    }
}
