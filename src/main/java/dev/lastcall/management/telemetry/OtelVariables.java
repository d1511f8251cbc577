package dev.lastcall.management.telemetry;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * The environment variables that programs with OpenTelemetry have in common (OpenTelemetry specification, "Environment Variable Specification" and
 * "OpenTelemetry Protocol Exporter"). Values that cannot be followed, or cannot be read, are warned of: they are often meant for other programs of
 * the pod, and must not keep this one from starting.
 */
record OtelVariables(Config values) {
    static final String OTLP = "OTEL_EXPORTER_OTLP_";
    private static final Logger LOG = Logger.getLogger(OtelVariables.class);
    private static final String PREFIX = "OTEL_";
    private static final Set<String> USED = Set.of(
            "OTEL_SDK_DISABLED",
            "OTEL_SERVICE_NAME",
            "OTEL_RESOURCE_ATTRIBUTES",
            "OTEL_TRACES_EXPORTER",
            "OTEL_METRICS_EXPORTER",
            "OTEL_TRACES_SAMPLER",
            "OTEL_TRACES_SAMPLER_ARG");
    private static final Set<String> USED_OF_EXPORTERS =
            Set.of("ENDPOINT", "HEADERS", "PROTOCOL", "COMPRESSION", "TIMEOUT", "CERTIFICATE");

    /** The variable of that name; empty where it is unset or empty. */
    Optional<String> get(String name) {
        return values.getOptionalValue(name, String.class).map(String::strip).filter(value -> !value.isEmpty());
    }

    boolean isDisabled() {
        return get("OTEL_SDK_DISABLED").filter("true"::equalsIgnoreCase).isPresent();
    }

    /** Pairs such as {@code a=1,b=%20}, percent-encoded as in W3C baggage; those that cannot be read are left out with a warning. */
    Map<String, String> pairs(String name, String written) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : written.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                try {
                    // In baggage "+" is a plus sign.
                    String value = pair.substring(equals + 1).strip().replace("+", "%2B");
                    pairs.put(pair.substring(0, equals).strip(), URLDecoder.decode(value, StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    ignored(name, "a value of " + pair.substring(0, equals).strip() + " that is not percent-encoded");
                }
            } else if (!pair.isBlank()) {
                // Not its text: it may be a part of a secret.
                ignored(name, "a part without \"=\"");
            }
        }
        return pairs;
    }

    /** The attributes by which the collector knows the program. */
    Map<String, String> resource() {
        String name = "OTEL_RESOURCE_ATTRIBUTES";
        return get(name).map(written -> pairs(name, written)).orElse(Map.of());
    }

    static void ignored(String name, String what) {
        LOG.warnf("%s: %s is left out", name, what);
    }

    /** Names, once, what is set and has no effect here. */
    void warnOfUnused() {
        String unused = StreamSupport.stream(values.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(PREFIX) && !isUsed(name))
                .sorted()
                .distinct()
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
        if (!unused.isEmpty()) {
            LOG.warnf("of OpenTelemetry's variables these have no effect here: %s", unused);
        }
    }

    private static boolean isUsed(String name) {
        return USED.contains(name)
                || (name.startsWith(OTLP)
                        && USED_OF_EXPORTERS.contains(
                                name.substring(OTLP.length()).replaceFirst("^(TRACES|METRICS)_", "")));
    }
}
