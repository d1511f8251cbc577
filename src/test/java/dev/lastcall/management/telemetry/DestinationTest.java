package dev.lastcall.management.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lastcall.fleet.FleetAlone;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.util.HashMap;
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
                .isEqualTo(new Destination(URI.create(traces), Map.of(), "none", Destination.LIMIT, Optional.empty()));
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

        assertThat(destination.address()).hasToString("http://traces");
        assertThat(destination.headers()).isEqualTo(Map.of("b", "2"));
        assertThat(resource(all)).containsEntry("service.name", "ours");
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

    @ParameterizedTest
    @CsvSource({
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, http://m/here, http://m/here",
        "OTEL_METRICS_EXPORTER, otlp, http://c/v1/metrics",
        "lastcall.telemetry.metrics, true, http://c/v1/metrics"
    })
    void metricsAreSentWhereThatIsAskedFor(String key, String value, String address) {
        Map<String, String> values = Map.of(ENDPOINT, "http://c", key, value);

        assertThat(of(Signal.METRICS, values).orElseThrow().address()).hasToString(address);
        assertThat(of(Signal.METRICS, Map.of(ENDPOINT, "http://c"))).isEmpty();
        assertThat(of(Signal.METRICS, Map.of(ENDPOINT, "http://c", "OTEL_METRICS_EXPORTER", "none")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"gzip, gzip", "none, none", "zstd, none"})
    void compressionIsThatOfTheVariableWhereItIsKnown(String written, String used) {
        assertThat(destination(Map.of(ENDPOINT, "http://c", "OTEL_EXPORTER_OTLP_COMPRESSION", written))
                        .orElseThrow()
                        .compression())
                .isEqualTo(used);
    }

    @ParameterizedTest
    @CsvSource({"200, 200", "10000, 1000", "-1, 1000", "1s, 1000", "99999999999999999999, 1000"})
    void exportTakesNoLongerThanAnEndMayWait(String written, int used) {
        assertThat(destination(Map.of(ENDPOINT, "http://c", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", written))
                        .orElseThrow()
                        .limit())
                .hasMillis(used);
    }

    @ParameterizedTest
    @CsvSource({"a=%zz;b=2, 2", "b=2, 2", "b=2;nothing, 2", "b=2;=x, 2"})
    void pairThatCannotBeReadIsNoReasonNotToStart(String written, String kept) {
        Map<String, String> values = Map.of(
                ENDPOINT,
                "http://c",
                "OTEL_EXPORTER_OTLP_HEADERS",
                written.replace(';', ','),
                "OTEL_RESOURCE_ATTRIBUTES",
                written.replace(';', ','));

        assertThat(destination(values).orElseThrow().headers()).isEqualTo(Map.of("b", kept));
        assertThat(resource(values)).containsEntry("b", kept).doesNotContainKey("a");
    }

    @Test
    void resourceSaysWhoThisIs() {
        Map<String, String> values = Map.of(
                "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=prod%20eu,service.name=theirs,k8s.pod.name=p");

        assertThat(resource(values))
                .containsEntry("deployment.environment", "prod eu")
                .containsEntry("service.name", "theirs")
                .containsEntry("k8s.pod.name", "p")
                .containsKey("service.instance.id");
        assertThat(resource(Map.of())).containsEntry("service.name", "lastcall");
    }

    @ParameterizedTest
    @CsvSource({
        "always_off, , AlwaysOffSampler",
        "parentbased_always_off, , AlwaysOffSampler",
        "always_on, , AlwaysOnSampler",
        "parentbased_traceidratio, 0.25, TraceIdRatioBased{0.250000}",
        "traceidratio, 7, TraceIdRatioBased{1.000000}",
        "jaeger_remote, , AlwaysOnSampler"
    })
    void samplerIsThatOfTheVariables(String sampler, String argument, String used) {
        Map<String, String> values = new HashMap<>(Map.of("OTEL_TRACES_SAMPLER", sampler));
        if (argument != null) {
            values.put("OTEL_TRACES_SAMPLER_ARG", argument);
        }
        assertThat(TraceSampler.of(new OtelVariables(config(values))).getDescription())
                .isEqualTo(used);
    }

    private static Map<String, String> resource(Map<String, String> values) {
        SmallRyeConfig config = config(values);
        Map<String, String> attributes = new HashMap<>();
        TelemetryResource.of(
                        config.getConfigMapping(TelemetryConfig.class),
                        new OtelVariables(config),
                        FleetAlone.identity())
                .getAttributes()
                .forEach((key, value) -> attributes.put(key.getKey(), String.valueOf(value)));
        return attributes;
    }

    private static Optional<Destination> destination(Map<String, String> values) {
        return of(Signal.TRACES, values);
    }

    private static Optional<Destination> of(Signal signal, Map<String, String> values) {
        SmallRyeConfig config = config(values);
        return Destination.of(signal, config.getConfigMapping(TelemetryConfig.class), new OtelVariables(config));
    }

    private static SmallRyeConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(TelemetryConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build();
    }
}
