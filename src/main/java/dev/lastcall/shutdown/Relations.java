package dev.lastcall.shutdown;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Values that are fine by themselves and do not fit each other: warnings, since each alone works. Only what somebody has set counts. */
final class Relations {
    private static final BigInteger ESCAPED = BigInteger.valueOf(6);
    private static final String PROCESS = "lastcall.process.";
    private static final String PROXY = "lastcall.proxy.";
    private static final String GRACE = "lastcall.drain.grace-period";
    /** The ordinal of the {@code application.properties} that are packaged. */
    private static final int OF_THE_JAR = 250;

    private static final String SERVERS_LIMIT = "the server refuses what is longer without saying why";

    private final SmallRyeConfig config;
    private final List<String> warnings = new ArrayList<>();

    private Relations(SmallRyeConfig config) {
        this.config = config;
    }

    /** Returns one line for each setting, or pair of settings, that does not fit. */
    static List<String> of(SmallRyeConfig config) {
        Relations relations = new Relations(config);
        relations.limits();
        relations.times();
        relations.ports();
        relations.keysOfSeats();
        return relations.warnings;
    }

    private void limits() {
        if (isSet("lastcall.model.openai.base-url")) {
            atLeast(
                    "lastcall.model.openai.max-connections",
                    "lastcall.run.max-owned",
                    BigInteger::new,
                    "each run needs one");
        }
        atMost("lastcall.api.max-body", "quarkus.http.limits.max-body-size", Relations::size, SERVERS_LIMIT);
        value("lastcall.agent.max-input", Relations::size)
                .ifPresent(input -> value("quarkus.http.limits.max-body-size", Relations::size)
                        .filter(limit -> limit.compareTo(input.multiply(ESCAPED)) < 0)
                        .ifPresent(limit -> warn(
                                "lastcall.agent.max-input",
                                "at most a sixth of quarkus.http.limits.max-body-size = "
                                        + shown("quarkus.http.limits.max-body-size")
                                        + ", since JSON may write one byte as six; " + SERVERS_LIMIT)));
    }

    private void times() {
        atLeast(
                "quarkus.http.idle-timeout",
                "lastcall.run.max-duration",
                Relations::duration,
                "a client that waits for a long run loses its connection");
        atMost("lastcall.drain.stream-patience", GRACE, Relations::duration, "streams are cut before it is over");
        processes()
                .forEach(process -> atMost(
                        process + ".stop-timeout", GRACE, Relations::duration, "the deadline comes before it is over"));
    }

    /** Also those that nobody has set: a shorter grace period is too short for the defaults. */
    private Set<String> processes() {
        Set<String> known = new TreeSet<>();
        for (String key : names(PROCESS, "")) {
            known.add(key.substring(0, key.indexOf('.', PROCESS.length())));
        }
        return known;
    }

    /** A port that is listened on twice fails the start late, and with the wrong words. */
    private void ports() {
        Map<String, String> listening = new HashMap<>();
        String main = isSet("lastcall.proxy.upstream") ? "lastcall.proxy.listen" : "quarkus.http.port";
        Stream.of(
                        Stream.of("quarkus.management.port", main, "lastcall.line-server.port"),
                        names(PROXY + "tcp.", ".listen").stream())
                .flatMap(keys -> keys)
                .forEach(key -> {
                    String written = config.getConfigValue(key).getValue();
                    String port = written == null
                            ? "0"
                            : written.substring(written.lastIndexOf(':') + 1).strip();
                    String other = port.equals("0") ? null : listening.putIfAbsent(port, key);
                    if (other != null) {
                        warn(key, "another port than " + other + " = " + shown(other) + "; one of them cannot listen");
                    }
                });
    }

    private void keysOfSeats() {
        boolean sidecar = isSet("lastcall.proxy.upstream");
        if (sidecar) {
            portOfTheOtherSeat();
        }
        boolean tcp = !names(PROXY + "tcp.", "").isEmpty();
        names(PROXY, "").stream()
                .filter(key -> !sidecar && !key.startsWith(PROXY + "tcp.") && !(tcp && key.contains("-timeout")))
                .forEach(key -> without(key, "lastcall.proxy.upstream"));
        Stream.of("agent", "api", "tool")
                .flatMap(room -> names("lastcall." + room + ".", "").stream())
                .filter(key -> sidecar)
                .forEach(key -> warnings.add(key + " has no effect with lastcall.proxy.upstream"));
        needed("lastcall.model.openai.", "lastcall.model.openai.base-url");
        needed("lastcall.line-server.", "lastcall.line-server.port");
        needed("lastcall.kubernetes.", "lastcall.kubernetes.watch");
        if (isSet("lastcall.kubernetes.deletion-cost-interval") && !isSet("lastcall.kubernetes.deletion-cost")) {
            without("lastcall.kubernetes.deletion-cost-interval", "lastcall.kubernetes.deletion-cost");
        }
        if (isSet("lastcall.management.token") && isSet("lastcall.management.hosts")) {
            warnings.add("lastcall.management.hosts has no effect with lastcall.management.token");
        }
        processes().forEach(this::keysOfAProcess);
    }

    /** A sidecar's clients would find nobody at the port that was meant for them. */
    private void portOfTheOtherSeat() {
        ConfigValue port = config.getConfigValue("quarkus.http.port");
        String listen = shown("lastcall.proxy.listen");
        if (port.getConfigSourceOrdinal() > OF_THE_JAR && !listen.endsWith(":" + port.getValue())) {
            warnings.add("quarkus.http.port = " + port.getValue()
                    + " has no effect with lastcall.proxy.upstream: clients come to lastcall.proxy.listen = " + listen);
        }
    }

    private void keysOfAProcess(String process) {
        if (isSet(process + ".second-signal-after") && !isSet(process + ".second-signal")) {
            without(process + ".second-signal-after", process + ".second-signal");
        }
        if (shown(process + ".restart").equals("never") || !isSet(process + ".restart")) {
            Stream.of(".max-restarts", ".restart-delay")
                    .map(process::concat)
                    .filter(this::isSet)
                    .forEach(key -> without(key, process + ".restart"));
        }
    }

    private void needed(String prefix, String key) {
        if (!isSet(key)) {
            names(prefix, "").forEach(each -> without(each, key));
        }
    }

    private void without(String key, String needed) {
        warnings.add(key + " has no effect without " + needed);
    }

    private <T extends Comparable<T>> void atLeast(String key, String other, Function<String, T> read, String why) {
        value(key, read).ifPresent(value -> value(other, read)
                .filter(least -> value.compareTo(least) < 0)
                .ifPresent(least -> warn(key, "at least " + other + " = " + shown(other) + "; " + why)));
    }

    private <T extends Comparable<T>> void atMost(String key, String other, Function<String, T> read, String why) {
        value(key, read).ifPresent(value -> value(other, read)
                .filter(most -> value.compareTo(most) > 0)
                .ifPresent(most -> warn(key, "at most " + other + " = " + shown(other) + "; " + why)));
    }

    private void warn(String key, String expected) {
        warnings.add(key + ": " + shown(key) + " (expected: " + expected + ")");
    }

    private String shown(String key) {
        return String.valueOf(config.getConfigValue(key).getValue());
    }

    /** Empty where there is none, or none that can be read: that is another's to say. */
    private <T> Optional<T> value(String key, Function<String, T> read) {
        try {
            return Optional.ofNullable(config.getConfigValue(key).getValue()).map(read);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Duration duration(String text) {
        return new DurationConverter().convert(text.strip());
    }

    private static BigInteger size(String text) {
        return new MemorySizeConverter().convert(text.strip()).asBigInteger();
    }

    /** Whether somebody has set it, and not the mapping by its default. */
    private boolean isSet(String key) {
        ConfigValue value = config.getConfigValue(key);
        return value.getValue() != null && value.getConfigSourceOrdinal() > Integer.MIN_VALUE + 1_000_000;
    }

    private List<String> names(String prefix, String end) {
        return StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(prefix) && name.endsWith(end))
                .filter(this::isSet)
                .sorted()
                .toList();
    }
}
