package dev.lastcall.management;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A parser of the part of PromQL that the dashboard and the rules use. */
final class PromQl {
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w$:.])[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\()\\b");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    private PromQl() {}

    /** Metrics, labels and labels' values that are not among the exported ones. */
    static List<String> unknownIn(
            String expression, Map<String, Map<String, Set<String>>> exported, Set<String> addedLabels) {
        List<String> unknown = new ArrayList<>();
        Set<String> labels = new TreeSet<>(addedLabels);
        String rest = SELECTOR.matcher(expression).replaceAll("$1").replaceAll("\\[[^]]*]", "");
        String bare = GROUPING.matcher(rest).replaceAll("").replaceAll("\"[^\"]*\"", "");
        for (Matcher name = NAME.matcher(bare); name.find(); ) {
            if (!isFunction(bare, name.end()) && !WORDS.contains(name.group())) {
                if (exported.containsKey(name.group())) {
                    labels.addAll(exported.get(name.group()).keySet());
                } else {
                    unknown.add(name.group());
                }
            }
        }
        for (Matcher grouping = GROUPING.matcher(rest); grouping.find(); ) {
            for (String label : grouping.group(1).split(",", -1)) {
                if (!label.isBlank() && !labels.contains(label.strip())) {
                    unknown.add(label.strip());
                }
            }
        }
        for (Matcher selector = SELECTOR.matcher(expression); selector.find(); ) {
            Map<String, Set<String>> known = exported.getOrDefault(selector.group(1), Map.of());
            for (Matcher each = MATCHER.matcher(selector.group(2)); each.find(); ) {
                if (!addedLabels.contains(each.group(1))) {
                    unknown.addAll(unknownValues(selector.group(1), known, each));
                }
            }
        }
        return unknown;
    }

    private static boolean isFunction(String text, int end) {
        return text.substring(end).stripLeading().startsWith("(");
    }

    private static List<String> unknownValues(String metric, Map<String, Set<String>> known, Matcher matcher) {
        String label = matcher.group(1);
        if (!known.containsKey(label)) {
            return List.of(metric + "{" + label + "}");
        }
        List<String> values =
                matcher.group(2).endsWith("~") ? List.of(matcher.group(3).split("\\|", -1)) : List.of(matcher.group(3));
        return values.stream()
                .filter(value -> !known.get(label).contains(value))
                .map(value -> metric + "{" + label + "=" + value + "}")
                .toList();
    }
}
