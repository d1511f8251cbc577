package dev.lastcall.management.telemetry;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * The collector's address and the service's name: our keys, then the environment variables that OpenTelemetry's exporters have in common
 * (OpenTelemetry specification, "OpenTelemetry Protocol Exporter").
 *
 * @param traces with its path
 * @param headers sent with each request; a secret may be among them
 */
record Destination(URI traces, Map<String, String> headers, String serviceName) {
    private static final Logger LOG = Logger.getLogger(Destination.class);
    private static final String KEY = "lastcall.telemetry.endpoint";
    private static final String OTLP = "OTEL_EXPORTER_OTLP_";
    private static final String PATH = "/v1/traces";
    private static final String SPOKEN = "http/protobuf";

    Destination {
        headers = Map.copyOf(headers);
    }

    /** Empty where nothing is configured, or traces are switched off for every program. */
    static Optional<Destination> of(TelemetryConfig config, Config values) {
        boolean disabled = standard(values, "OTEL_SDK_DISABLED")
                        .filter("true"::equalsIgnoreCase)
                        .isPresent()
                || standard(values, "OTEL_TRACES_EXPORTER")
                        .filter("none"::equals)
                        .isPresent();
        return disabled
                ? Optional.empty()
                : endpoint(config, values)
                        .map(traces -> new Destination(traces, headers(values), name(config, values)));
    }

    private static Optional<URI> endpoint(TelemetryConfig config, Config values) {
        return config.endpoint().map(base -> below(KEY, base)).or(() -> standard(values, OTLP + "TRACES_ENDPOINT")
                .map(whole -> checked(OTLP + "TRACES_ENDPOINT", whole, whole))
                .or(() -> standard(values, OTLP + "ENDPOINT").map(base -> below(OTLP + "ENDPOINT", base)))
                .map(endpoint -> spokenTo(values, endpoint)));
    }

    /** What is meant for other programs of the pod, too, must not keep this one from starting. */
    private static URI spokenTo(Config values, URI endpoint) {
        signal(values, "PROTOCOL")
                .filter(protocol -> !protocol.equals(SPOKEN))
                .ifPresent(protocol -> LOG.warnf(
                        "%sPROTOCOL: %s (expected: %s, the only one that is spoken here); the traces are sent so to %s",
                        OTLP, protocol, SPOKEN, endpoint));
        return endpoint;
    }

    private static Map<String, String> headers(Config values) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String pair : signal(values, "HEADERS").orElse("").split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                // As in W3C baggage, where "+" is a plus sign.
                String value = pair.substring(equals + 1).strip().replace("+", "%2B");
                headers.put(pair.substring(0, equals).strip(), URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return headers;
    }

    private static String name(TelemetryConfig config, Config values) {
        return config.serviceName()
                .or(() -> standard(values, "OTEL_SERVICE_NAME"))
                .orElse("lastcall");
    }

    /** The variable of the traces, else that of all signals. */
    private static Optional<String> signal(Config values, String name) {
        return standard(values, OTLP + "TRACES_" + name).or(() -> standard(values, OTLP + name));
    }

    private static Optional<String> standard(Config values, String name) {
        return values.getOptionalValue(name, String.class);
    }

    private static URI below(String key, String base) {
        return checked(key, base, base.replaceAll("/+$", "") + PATH);
    }

    private static URI checked(String key, String value, String address) {
        try {
            URI endpoint = URI.create(address);
            if (List.of("http", "https").contains(endpoint.getScheme()) && endpoint.getHost() != null) {
                return endpoint;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new ConfigurationException(key + ": " + value + " (expected: an address such as http://collector:4318)");
    }
}
