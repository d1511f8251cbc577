package dev.lastcall.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Triggers that meet: preStop hooks and signals of one pod share one deadline. */
class SharedBudgetIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Long enough that only a deadline that was moved ends a pod within the limit. */
    private static final Map<String, String> PATIENT = ShortDrain.of("grace-period", "120s");

    /** A request that stays in flight until this client sends the rest or goes. */
    private static RawClient hold(Pod pod) throws IOException {
        RawClient client = new RawClient(pod.httpPort());
        client.sendBytes(AgentRequest.head("/agent/run", 1000).getBytes(UTF_8));
        new Operator(pod).awaitInFlight(1);
        return client;
    }

    private static Instant deadline(JsonNode said) {
        return Instant.parse(said.get("deadline").asText());
    }

    @Test
    void preStopsJoinAndTheSignalBehindThemKeepsTheirDeadline() throws Exception {
        try (Pod pod = Pod.start(PATIENT);
                RawClient held = hold(pod)) {
            Operator operator = new Operator(pod);
            CompletableFuture<HttpResponse<String>> first = operator.begin("GET", "/drain/pre-stop");
            operator.awaitState("draining");
            Instant deadline = deadline(operator.drain());
            CompletableFuture<HttpResponse<String>> second = operator.begin("GET", "/drain/pre-stop");
            assertThat(operator.ask("DELETE", "/drain").statusCode()).isEqualTo(409);
            assertThat(first).isNotDone();
            held.vanish();
            assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(second.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(deadline(operator.drain())).isEqualTo(deadline);

            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(operator.report().get("triggers")).hasToString("[\"pre-stop\",\"sigterm\"]");
            assertThat(deadline(operator.report())).isEqualTo(deadline);
        }
    }

    @Test
    void signalThatOvertakesThePreStopLeavesTwoSeconds() throws Exception {
        try (Pod pod = Pod.start(PATIENT);
                RawClient held = hold(pod)) {
            Operator operator = new Operator(pod);
            CompletableFuture<HttpResponse<String>> hook = operator.begin("GET", "/drain/pre-stop");
            operator.awaitState("draining");
            pod.signal("TERM");
            pod.awaitLine("WARN .*terminationGracePeriodSeconds is shorter than grace-period=2m", LIMIT);
            assertThat(hook.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(pod.exitCode(LIMIT)).isOne();
            JsonNode report = operator.report();
            assertThat(report.get("cut").asInt()).isOne();
            assertThat(deadline(report))
                    .isBefore(Instant.parse(report.get("started-at").asText()).plus(LIMIT));
            assertThat(held.readToEnd()).isEmpty();
        }
    }

    @Test
    void secondSigtermJoinsTheDrainOfTheFirst() throws Exception {
        try (Pod pod = Pod.start(PATIENT);
                RawClient held = hold(pod)) {
            Operator operator = new Operator(pod);
            pod.signal("TERM");
            operator.awaitState("draining");
            Instant deadline = deadline(operator.drain());
            pod.signal("TERM");
            assertThat(operator.ask("DELETE", "/drain").statusCode()).isEqualTo(409);
            assertThat(deadline(operator.drain())).isEqualTo(deadline);
            assertThat(operator.inFlight().get("count").asInt()).isOne();
            held.vanish();
            assertThat(pod.exitCode(LIMIT)).isZero();
            JsonNode report = operator.report();
            assertThat(report.get("triggers")).hasToString("[\"sigterm\"]");
            assertThat(deadline(report)).isEqualTo(deadline);
            assertThat(report.get("cut").asInt()).isZero();
        }
    }
}
