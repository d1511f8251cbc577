package dev.lastcall.management.telemetry;

import static dev.lastcall.management.telemetry.OtelVariables.OTLP;

import dev.lastcall.drain.ReadableDuration;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The collector's address for one signal, and how it is spoken to: our keys, then the environment variables that OpenTelemetry's exporters
 * have in common, those of the signal before those of all.
 *
 * @param address with its path
 * @param headers sent with each request; a secret may be among them
 * @param compression {@code gzip} or {@code none}
 * @param limit for each export
 * @param certificate of the authority that the collector's is checked against; empty: those of the JVM
 */
record Destination(
        URI address, Map<String, String> headers, String compression, Duration limit, Optional<Path> certificate) {
    /** The most that an end may wait for a collector. */
    static final Duration LIMIT = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(Destination.class);
    private static final String KEY = "lastcall.telemetry.endpoint";
    private static final String SPOKEN = "http/protobuf";

    Destination {
        headers = Map.copyOf(headers);
    }

    /** Empty where nothing is configured, or the signal is switched off for every program. */
    static Optional<Destination> of(Signal signal, TelemetryConfig config, OtelVariables variables) {
        Variables of = new Variables(signal, variables);
        return isWanted(signal, config, variables)
                ? endpoint(signal, config, of)
                        .map(address ->
                                new Destination(address, of.headers(), of.compression(), of.limit(), of.certificate()))
                : Optional.empty();
    }

    /** Traces wherever there is a collector. Metrics are scraped as a rule, and are sent where that is asked for. */
    private static boolean isWanted(Signal signal, TelemetryConfig config, OtelVariables variables) {
        String name = "OTEL_" + signal.name() + "_EXPORTER";
        Optional<List<String>> exporters = variables.get(name).map(written -> Arrays.stream(written.split(",", -1))
                .map(String::strip)
                .toList());
        if (variables.isDisabled() || exporters.filter(List.of("none")::equals).isPresent()) {
            return false;
        }
        if (exporters.isPresent() && !exporters.get().contains("otlp")) {
            LOG.warnf(
                    "%s: %s (expected: otlp or none); otlp is used",
                    name, variables.get(name).orElse(""));
        }
        return signal == Signal.TRACES
                || config.metrics()
                || exporters.isPresent()
                || variables.get(OTLP + "METRICS_ENDPOINT").isPresent();
    }

    private static Optional<URI> endpoint(Signal signal, TelemetryConfig config, Variables of) {
        String own = OTLP + signal.name() + "_ENDPOINT";
        return config.endpoint().map(base -> below(KEY, base, signal)).or(() -> of.variables()
                .get(own)
                .map(whole -> checked(own, whole, whole))
                .or(() -> of.variables().get(OTLP + "ENDPOINT").map(base -> below(OTLP + "ENDPOINT", base, signal)))
                .map(of::spokenTo));
    }

    private static URI below(String key, String base, Signal signal) {
        return checked(key, base, base.replaceAll("/+$", "") + signal.path());
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

    /** The variables of one signal's exporter. */
    private record Variables(Signal signal, OtelVariables variables) {
        /** The variable of this signal, else that of all signals: its name and its value. */
        private Optional<Map.Entry<String, String>> written(String name) {
            String own = OTLP + signal.name() + "_" + name;
            return variables.get(own).map(value -> Map.entry(own, value)).or(() -> variables
                    .get(OTLP + name)
                    .map(value -> Map.entry(OTLP + name, value)));
        }

        /**
         * Returns the endpoint, with a warning where another protocol is set: a variable that is meant for other programs of the pod, too, must not
         * keep this one from starting.
         */
        URI spokenTo(URI endpoint) {
            written("PROTOCOL")
                    .filter(protocol -> !protocol.getValue().equals(SPOKEN))
                    .ifPresent(protocol -> LOG.warnf(
                            "%s: %s (expected: %s, the only one that is spoken here); the %s are sent so to %s",
                            protocol.getKey(), protocol.getValue(), SPOKEN, signal.word(), endpoint));
            return endpoint;
        }

        Map<String, String> headers() {
            return written("HEADERS")
                    .map(headers -> variables.pairs(headers.getKey(), headers.getValue()))
                    .orElse(Map.of());
        }

        String compression() {
            Optional<Map.Entry<String, String>> written = written("COMPRESSION");
            String kind = written.map(Map.Entry::getValue).orElse("none");
            if (kind.equals("gzip") || kind.equals("none")) {
                return kind;
            }
            LOG.warnf(
                    "%s: %s (expected: gzip or none); none is used",
                    written.map(Map.Entry::getKey).orElse(""), kind);
            return "none";
        }

        /** The specification's is 10 s; an end does not wait so long. */
        Duration limit() {
            Optional<Map.Entry<String, String>> written = written("TIMEOUT");
            try {
                Duration asked = written.map(Map.Entry::getValue)
                        .map(Long::parseLong)
                        .map(Duration::ofMillis)
                        .orElse(LIMIT);
                if (asked.isNegative() || asked.isZero() || asked.compareTo(LIMIT) > 0) {
                    LOG.warnf(
                            "%s: %s ms (expected: from 1 to %d, an end waits no longer); %s is used",
                            written.map(Map.Entry::getKey).orElse(""),
                            asked.toMillis(),
                            LIMIT.toMillis(),
                            ReadableDuration.of(LIMIT));
                    return LIMIT;
                }
                return asked;
            } catch (NumberFormatException e) {
                OtelVariables.ignored(written.map(Map.Entry::getKey).orElse(""), "what is no number of milliseconds");
                return LIMIT;
            }
        }

        Optional<Path> certificate() {
            return written("CERTIFICATE").flatMap(file -> {
                try {
                    Path path = Path.of(file.getValue());
                    Files.readAllBytes(path);
                    return Optional.of(path);
                } catch (IOException | InvalidPathException e) {
                    OtelVariables.ignored(file.getKey(), "a file that cannot be read (" + e + ")");
                    return Optional.empty();
                }
            });
        }
    }
}
