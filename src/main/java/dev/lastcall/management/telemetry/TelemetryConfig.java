package dev.lastcall.management.telemetry;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The destination of the drain's traces, and of the last metrics. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.telemetry")
public interface TelemetryConfig {
    /**
     * An OTLP collector's HTTP address, as in {@code http://collector:4318}; the traces go to {@code /v1/traces} there. Unset:
     * OpenTelemetry's own {@code OTEL_EXPORTER_OTLP_TRACES_ENDPOINT} and {@code OTEL_EXPORTER_OTLP_ENDPOINT}, and without those there are no
     * traces and nothing is loaded for them.
     */
    @Format(Form.HTTP_URL)
    Optional<String> endpoint();

    /**
     * Whether the process sends its last metrics to the collector before it exits: they are raised when nothing can scrape them any more.
     * Also on where {@code OTEL_METRICS_EXPORTER=otlp} or {@code OTEL_EXPORTER_OTLP_METRICS_ENDPOINT} is set.
     */
    @WithDefault("false")
    boolean metrics();

    /** The service's name in the traces. Unset: OpenTelemetry's {@code OTEL_SERVICE_NAME}, and without that {@code lastcall}. */
    Optional<String> serviceName();
}
