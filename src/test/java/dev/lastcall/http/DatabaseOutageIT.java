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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** PostgreSQL goes while the pod drains: what is in flight still ends, and the release stays within its budget. */
class DatabaseOutageIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);

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
                client.sendBytes(AgentRequest.of("/agent/run", "count to 60"));
                operator.awaitInFlight(1);
                pod.signal("TERM");
                pod.awaitLine("drain state=draining", LIMIT);
                outage.accept(databases);
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").contains(" 59 60 ");
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
}
