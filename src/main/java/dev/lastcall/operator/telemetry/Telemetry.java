package dev.lastcall.operator.telemetry;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.operator.fleet.Identity;
import dev.lastcall.operator.fleet.UndoneDrains;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** Switches the drain's trace on, where there is a collector for it. Where there is none, no class of OpenTelemetry's is loaded. */
@Singleton
@Startup
final class Telemetry {
    private static final String KEY = "lastcall.telemetry.endpoint";
    /** What collectors' operators put into the environment of every pod. */
    private static final String STANDARD = "OTEL_EXPORTER_OTLP_ENDPOINT";

    Telemetry(TelemetryConfig config, Config values, Identity identity, Drain drain, ReleaseSteps steps) {
        endpoint(config, values).ifPresent(endpoint -> {
            Collector collector = Collector.at(endpoint, config.serviceName(), identity);
            DrainTrace trace = new DrainTrace(collector.tracer());
            drain.subscribe(new UndoneDrains(notes ->
                    trace.write(notes, List.of(), notes.get(notes.size() - 1).at())));
            steps.register(new TraceRelease(drain, steps, trace, collector));
        });
    }

    private static Optional<URI> endpoint(TelemetryConfig config, Config values) {
        return config.endpoint()
                .map(value -> checked(KEY, value))
                .or(() -> values.getOptionalValue(STANDARD, String.class).map(value -> checked(STANDARD, value)));
    }

    private static URI checked(String key, String value) {
        try {
            URI endpoint = URI.create(value);
            if (List.of("http", "https").contains(endpoint.getScheme()) && endpoint.getHost() != null) {
                return endpoint;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new ConfigurationException(key + ": " + value + " (expected: an address such as http://collector:4318)");
    }
}
