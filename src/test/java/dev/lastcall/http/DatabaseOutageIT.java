package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PostgreSQL goes while the pod drains: what is in flight still ends, and the release stays within its budget. */
class DatabaseOutageIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NO_JSON = "no json";

    static Stream<Named<Consumer<Databases>>> outages() {
        return Stream.of(
                Named.of("killed", Databases::killPostgres),
                Named.of("stopped", Databases::stopPostgres),
                Named.of("frozen", Databases::freezePostgres));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void outageInTheDrainDelaysNothing(Consumer<Databases> outage) throws Exception {
        try (Databases databases = Databases.start()) {
            Map<String, String> settings = ShortDrain.of("grace-period", "30s");
            settings.putAll(databases.settings());
            try (Pod pod = Pod.start(settings);
                    RawClient client = new RawClient(pod.httpPort())) {
                Operator operator = new Operator(pod);
                // Opens a connection, which the release has to close.
                assertThat(operator.ask("GET", "/q/health/ready").body()).contains("Database");
                client.write(AgentRequest.head("/agent/run", NO_JSON.length()));
                operator.awaitInFlight(1);
                pod.signal("TERM");
                pod.awaitLine("drain state=draining", LIMIT);
                outage.accept(databases);
                client.write(NO_JSON);
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 400");
                assertThat(pod.exitCode(LIMIT)).isZero();
                JsonNode report = operator.report();
                assertThat(report.get("release").findValuesAsText("step")).contains("postgresql");
                assertThat(report.get("release"))
                        .allMatch(step -> step.path("optional").asBoolean()
                                || step.get("outcome").asText().equals("released"));
                assertThat(operator.lasted("releasing")).isLessThan(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void runWhoseLogIsGoneIsLeftToOthersAndItsClientSentThere() throws Exception {
        try (Databases databases = Databases.start()) {
            Map<String, String> settings = ShortDrain.of();
            settings.putAll(databases.settings());
            try (Pod pod = Pod.start(settings);
                    RawClient client = new RawClient(pod.httpPort())) {
                Operator operator = new Operator(pod);
                client.sendBytes(AgentRequest.of("/agent/run", "count to 100000"));
                // The request and its run.
                operator.awaitInFlight(2);
                pod.signal("TERM");
                pod.awaitLine("drain state=draining", LIMIT);
                databases.killPostgres();
                assertThat(client.readAnswer())
                        .startsWith("HTTP/1.1 303")
                        .containsIgnoringCase("location: /agent/runs/");
                assertThat(pod.exitCode(LIMIT)).isEqualTo(1);
                JsonNode report = operator.report();
                assertThat(report.get("cut-by-class").toString()).isEqualTo("{\"run\":1}");
                assertThat(operator.lasted("releasing")).isLessThan(Duration.ofSeconds(5));
            }
        }
    }
}
