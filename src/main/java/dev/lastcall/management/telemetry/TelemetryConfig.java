package dev.lastcall.management.telemetry;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** The destination of the drain's traces. */
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

    /** The service's name in the traces. Unset: OpenTelemetry's {@code OTEL_SERVICE_NAME}, and without that {@code lastcall}. */
    Optional<String> serviceName();
}
