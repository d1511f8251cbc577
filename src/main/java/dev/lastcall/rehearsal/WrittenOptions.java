package dev.lastcall.rehearsal;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command line's options as they are written, {@code --name value} or {@code --name=value}, and how their values are read. */
final class WrittenOptions {
    private static final Set<String> VALUES = Set.of(
            "--command",
            "--manifest",
            "--workload",
            "--ready",
            "--pre-stop",
            "--grace",
            "--replicas",
            "--rounds",
            "--withdrawal",
            "--balancer",
            "--load",
            "--path",
            "--slow",
            "--stream",
            "--websocket",
            "--runs",
            "--grpc",
            "--env",
            "--json",
            "--report",
            "--seed",
            "--users",
            "--timeout",
            "--stream-timeout",
            "--start-limit",
            "--surge",
            "--unavailable");
    private static final Set<String> FLAGS =
            Set.of("--init", "--retry-503", "--http2", "--supervised", "--advise", "--help", "-h");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,3})?)(ms|s|m)?");
    private static final Map<String, Integer> UNITS = Map.of("ms", 1, "s", 1000, "m", 60_000);

    private final Map<String, List<String>> values = new HashMap<>();

    static WrittenOptions of(List<String> arguments) throws BadOption {
        WrittenOptions options = new WrittenOptions();
        String pending = "";
        for (String argument : arguments) {
            if (!pending.isEmpty()) {
                options.add(pending, argument);
                pending = "";
                continue;
            }
            int equals = argument.indexOf('=');
            String name = argument.startsWith("--") && equals > 0 ? argument.substring(0, equals) : argument;
            if (FLAGS.contains(argument)) {
                options.add(argument, "");
            } else if (!VALUES.contains(name)) {
                throw new BadOption(argument, "", "an option of rehearse; --help lists them");
            } else if (equals > 0 && !name.equals(argument)) {
                options.add(name, argument.substring(equals + 1));
            } else {
                pending = name;
            }
        }
        if (!pending.isEmpty()) {
            throw new BadOption(pending, "", "a value behind it");
        }
        return options;
    }

    private void add(String name, String value) throws BadOption {
        List<String> all = values.computeIfAbsent(name, key -> new ArrayList<>());
        if (!all.isEmpty() && !name.equals("--env") && !all.contains(value)) {
            throw new BadOption(name, value, "one value; " + all.get(0) + " was given before");
        }
        if (value.isBlank() && VALUES.contains(name)) {
            throw new BadOption(name, "", "a value that is not empty");
        }
        all.add(value);
    }

    /** The same with another value for one of them. */
    WrittenOptions with(String name, String value) {
        WrittenOptions changed = new WrittenOptions();
        changed.values.putAll(values);
        changed.values.put(name, List.of(value));
        return changed;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(all -> all.get(0));
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    int number(String name, int otherwise, int least, int most) throws BadOption {
        String written = text(name).orElse(Integer.toString(otherwise));
        if (!written.matches("[0-9]{1,9}") || Integer.parseInt(written) < least || Integer.parseInt(written) > most) {
            throw new BadOption(name, written, "a number from " + least + " to " + most);
        }
        return Integer.parseInt(written);
    }

    /** A length of time; a bare number is seconds. */
    Duration duration(String name, Duration otherwise, Duration least, Duration most) throws BadOption {
        Optional<String> written = text(name);
        if (written.isEmpty()) {
            return otherwise;
        }
        Optional<Duration> duration = duration(written.get(), "s");
        if (duration.isEmpty()
                || duration.get().compareTo(least) < 0
                || duration.get().compareTo(most) > 0) {
            throw new BadOption(
                    name, written.get(), "a time such as 30s or 500ms, from " + shown(least) + " to " + shown(most));
        }
        return duration.get();
    }

    /** Reads a time; empty where it is none. */
    static Optional<Duration> duration(String text, String unit) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int factor = UNITS.getOrDefault(matcher.group(2) == null ? unit : matcher.group(2), 1);
        return Optional.of(Duration.ofMillis(new BigDecimal(matcher.group(1))
                .multiply(BigDecimal.valueOf(factor))
                .longValue()));
    }

    private static String shown(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
