package dev.lastcall.management.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenTelemetry's own variables, beside our keys. */
class DestinationTest {
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    @Test
    void nowhereWhereNothingIsConfigured() {
        assertThat(destination(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "lastcall.telemetry.endpoint, http://c:4318/, http://c:4318/v1/traces",
        "OTEL_EXPORTER_OTLP_ENDPOINT, http://c:4318/x, http://c:4318/x/v1/traces",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, https://c/here, https://c/here"
    })
    void endpointIsABaseUnlessItIsThatOfTheTraces(String key, String value, String traces) {
        assertThat(destination(Map.of(key, value)))
                .get()
                .hasToString("Destination[traces=" + traces + ", headers={}, serviceName=lastcall]");
    }

    @Test
    void ourKeysComeFirstThenTheVariablesOfTheTraces() {
        Map<String, String> all = Map.of(
                ENDPOINT,
                "http://all",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                "http://traces",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "a=1",
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
                "b=2",
                "OTEL_SERVICE_NAME",
                "theirs",
                "lastcall.telemetry.service-name",
                "ours");

        Destination destination = destination(all).orElseThrow();

        assertThat(destination.traces()).hasToString("http://traces");
        assertThat(destination.headers()).isEqualTo(Map.of("b", "2"));
        assertThat(destination.serviceName()).isEqualTo("ours");
    }

    @Test
    void headersArePercentEncodedPairs() {
        Map<String, String> values =
                Map.of(ENDPOINT, "http://c", "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20a+b, x = 1,nothing");

        assertThat(destination(values).orElseThrow().headers())
                .isEqualTo(Map.of("authorization", "Bearer a+b", "x", "1"));
    }

    @ParameterizedTest
    @CsvSource({"OTEL_SDK_DISABLED, true", "OTEL_TRACES_EXPORTER, none"})
    void tracesCanBeSwitchedOffForEveryProgram(String key, String value) {
        assertThat(destination(Map.of(ENDPOINT, "http://c", key, value))).isEmpty();
    }

    @Test
    void addressThatIsNoneIsNamedWithItsKey() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> destination(Map.of(ENDPOINT, "collector:4318")))
                .withMessage(ENDPOINT + ": collector:4318 (expected: an address such as http://collector:4318)");
    }

    @Test
    void anotherProtocolIsNoReasonNotToStart() {
        assertThat(destination(Map.of(ENDPOINT, "http://c:4317", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")))
                .isPresent();
    }

    private static Optional<Destination> destination(Map<String, String> values) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(TelemetryConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build();
        return Destination.of(config.getConfigMapping(TelemetryConfig.class), config);
    }
}
