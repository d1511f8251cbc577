package dev.lastcall.shutdown;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SmallRye Config's complaints as {@code key: value (expected: …)}. Its exceptions carry no parts, only a sentence. */
final class ConfigProblem {
    private static final Pattern UNCONVERTED = Pattern.compile(
            "(?s).*The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being converted (.*)");
    private static final Pattern MISSING = Pattern.compile("(?s).*The config property (\\S+) is required but .*");
    private static final Pattern EMPTY =
            Pattern.compile("(?s).*The config property (\\S+) is defined as the empty String .*");

    /** What a converter's complaint says was expected; the first that is found counts. */
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

    private ConfigProblem() {}

    static String inOurWords(String message) {
        Matcher unconverted = UNCONVERTED.matcher(message);
        if (unconverted.matches()) {
            return line(unconverted.group(1), unconverted.group(2), expected(unconverted.group(3)));
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
