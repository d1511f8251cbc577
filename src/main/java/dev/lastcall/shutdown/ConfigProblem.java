package dev.lastcall.shutdown;

import dev.lastcall.config.DeclaredKeys;
import dev.lastcall.config.Mappings;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** The problems of a configuration, each as {@code key: value (expected: …)}; SmallRye Config's own complaints are only sentences. */
final class ConfigProblem {
    private static final Pattern UNCONVERTED = Pattern.compile(
            "(?s).*The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being converted"
                    + " (.*)");
    private static final Pattern MISSING = Pattern.compile("(?s).*The config property (\\S+) is required but .*");
    private static final Pattern EMPTY =
            Pattern.compile("(?s).*The config property (\\S+) is defined as the empty String .*");

    /** The patterns of converters' complaints, each with what it says was expected; the first that is found counts. */
    private static final List<Expectation> EXPECTATIONS = List.of(
            new Expectation(
                    "Invalid duration|cannot be parsed to a Duration", "a duration such as 30s, 500ms or PT30S"),
            new Expectation("allowed values: (.*)", "one of $1"),
            new Expectation("Expected an integer value", "an integer"),
            new Expectation("Expected a long value", "an integer"),
            new Expectation("Expected a (?:double|float) value", "a number"));

    private record Expectation(Pattern complaint, String expected) {
        Expectation(String complaint, String expected) {
            this(Pattern.compile(complaint), expected);
        }
    }

    private static final Pattern PROFILE = Pattern.compile("^%[^.]+\\.");
    private static final Pattern SECRET = Pattern.compile("(?i).*(key|token|secret|password|credential).*");

    private ConfigProblem() {}

    /** All values that are out of their range, and all keys that nobody reads, in the order of their names. */
    static List<String> all(SmallRyeConfig config, KnownKeys known) {
        Map<String, String> problems =
                new TreeMap<>(DeclaredKeys.of(Mappings.all()).faults(config));
        for (ConfigSource source : config.getConfigSources()) {
            if (!(source instanceof EnvConfigSource)) {
                for (String name : source.getPropertyNames()) {
                    String key = PROFILE.matcher(name).replaceFirst("");
                    if (key.startsWith("lastcall.") && !known.knows(key)) {
                        problems.putIfAbsent(key, unknown(key, source.getValue(name), known));
                    }
                }
            }
        }
        return new ArrayList<>(problems.values());
    }

    private static String unknown(String key, String value, KnownKeys known) {
        String shown = SECRET.matcher(key).matches() ? "(not shown)" : value;
        String hint =
                known.nearest(key).map(near -> "; did you mean " + near + "?").orElse("");
        return line(key, shown, "a known key" + hint);
    }

    /** Returns the problems for which SmallRye Config has refused to be made, completed by those that it did not come to. */
    static List<String> all(ConfigValidationException invalid, SmallRyeConfig config) {
        List<String> problems = all(config, KnownKeys.of(Mappings.all()));
        for (int i = 0; i < invalid.getProblemCount(); i++) {
            String line = inOurWords(invalid.getProblem(i).getMessage());
            String key = line.replaceFirst(": .*", ": ");
            if (problems.stream().noneMatch(each -> each.startsWith(key))) {
                problems.add(line);
            }
        }
        return problems;
    }

    static String inOurWords(String message) {
        Matcher unconverted = UNCONVERTED.matcher(message);
        if (unconverted.matches()) {
            String key = unconverted.group(1);
            String shown = SECRET.matcher(key).matches() ? "(not shown)" : unconverted.group(2);
            return line(key, shown, expected(unconverted.group(3)));
        }
        for (Pattern absent : List.of(MISSING, EMPTY)) {
            Matcher matcher = absent.matcher(message);
            if (matcher.matches()) {
                return line(matcher.group(1), "(nothing)", "a value");
            }
        }
        return message;
    }

    private static String line(String key, String value, String expected) {
        return key + ": " + value + " (expected: " + expected + ")";
    }

    private static String expected(String complaint) {
        for (Expectation each : EXPECTATIONS) {
            Matcher matcher = each.complaint().matcher(complaint);
            if (matcher.find()) {
                return matcher.groupCount() == 0
                        ? each.expected()
                        : each.expected().replace("$1", matcher.group(1));
            }
        }
        return complaint;
    }
}
