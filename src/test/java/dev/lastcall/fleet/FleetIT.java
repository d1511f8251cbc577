package dev.lastcall.fleet;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.StreamSupport.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.http.RawClient;
import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Real pods that share a real PostgreSQL and a real Redis. */
class FleetIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void podsSeeEachOthersDrainsAndRememberThemBeyondTheEnd() {
        try (Databases databases = Databases.start();
                Pod going = Pod.start(settings(databases, "going"));
                Pod staying = Pod.start(settings(databases, "staying"))) {
            Operator operator = new Operator(staying);
            awaitState(operator, "going", "serving");
            awaitState(new Operator(going), "staying", "serving");

            new Operator(going).ask("POST", "/drain");
            awaitState(operator, "going", "drained");
            new Operator(going).ask("DELETE", "/drain");
            awaitState(operator, "going", "serving");
            going.signal("TERM");
            assertThat(going.exitCode(LIMIT)).isZero();

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(states(operator)).containsOnlyKeys("staying"));
            JsonNode drains = read(operator, "/drain/history?pod=going").get("drains");
            assertThat(drains.findValuesAsText("ending")).containsExactly("ended", "undone");
            JsonNode report = drains.get(0).get("report");
            assertThat(report.get("exit-code").asInt()).isZero();
            assertThat(report.get("triggers").get(0).asText()).isEqualTo("sigterm");
            assertThat(report.get("stages").findValuesAsText("stage")).contains("draining", "drained");
            assertThat(read(operator, "/drain/history?pod=staying").get("drains"))
                    .isEmpty();
            assertThat(operator.ask("GET", "/").body()).contains("going", "staying", "<td>Undone</td>");
            // The survivor tells what the others came to.
            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            operator.metric("lastcall_fleet_drains_total{exit=\"0\",trigger=\"sigterm\"}"))
                    .isOne());
            assertThat(operator.metric("lastcall_fleet_drains_total{exit=\"undone\",trigger=\"operator\"}"))
                    .isOne();
            assertThat(operator.metric("lastcall_fleet_requests_cut_total")).isZero();
        }
    }

    @Test
    void frozenPostgresqlAndRedisDelayNeitherTheDrainNorTheConsole() throws Exception {
        Map<String, String> drain = ShortDrain.of("grace-period", "20s", "release-reserve", "4s");
        try (Databases databases = Databases.start()) {
            drain.putAll(settings(databases, "alone"));
            try (Pod pod = Pod.start(drain);
                    RawClient client = new RawClient(pod.httpPort())) {
                Operator operator = new Operator(pod);
                // Opens a connection of the pool, and shows that what follows is the outage's doing.
                assertThat(operator.ask("GET", "/drain/history").statusCode()).isEqualTo(200);
                String body = "no json";
                client.send(
                        "POST /agent/run HTTP/1.1",
                        "Host: a",
                        "Content-Type: application/json",
                        "Content-Length: " + body.length(),
                        "");
                operator.awaitInFlight(1);

                databases.freezePostgres();
                databases.redis().freeze();
                assertThat(operator.ask("GET", "/drain/history").statusCode()).isEqualTo(503);
                assertThat(operator.ask("GET", "/").body()).contains("PostgreSQL does not answer", "In flight");
                assertThat(states(operator)).containsOnlyKeys("alone");
                pod.signal("TERM");
                pod.awaitLine("drain state=draining", LIMIT);

                client.write(body);
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 400");
                assertThat(pod.exitCode(LIMIT)).isZero();
                JsonNode history = step(operator.report(), "history");
                assertThat(history.get("outcome").asText()).isNotEqualTo("released");
                assertThat(history.get("took-ms").asLong()).isLessThan(2000);
                assertThat(operator.lasted("releasing")).isLessThan(Duration.ofSeconds(5));
                assertThat(pod.lines()).noneMatch(line -> line.contains("ERROR"));
            }
        }
    }

    private static Map<String, String> settings(Databases databases, String pod) {
        Map<String, String> settings = ShortDrain.of();
        settings.putAll(databases.settings());
        settings.put("lastcall.fleet.pod", pod);
        settings.put("lastcall.fleet.refresh", "300ms");
        return settings;
    }

    private static void awaitState(Operator operator, String pod, String state) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(states(operator)).containsEntry(pod, state));
    }

    private static Map<String, String> states(Operator operator) {
        return stream(read(operator, "/drain/peers").get("pods").spliterator(), false)
                .collect(toMap(each -> each.get("pod").asText(), each -> each.get("state")
                        .asText()));
    }

    private static JsonNode step(JsonNode report, String name) {
        List<JsonNode> steps = stream(report.get("release").spliterator(), false)
                .filter(each -> each.get("step").asText().equals(name))
                .toList();
        assertThat(steps).as(report.toString()).hasSize(1);
        return steps.get(0);
    }

    private static JsonNode read(Operator operator, String path) {
        try {
            return JSON.readTree(operator.ask("GET", path).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
