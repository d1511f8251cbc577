package dev.lastcall.lint.manifest;

import java.util.List;
import java.util.Map;

/** A selector of pods by their labels. */
record Selector(Map<String, String> labels, List<Field> expressions) {
    /** Makes the selector of a Service, which has labels alone. */
    static Selector ofLabels(Field labels) {
        return new Selector(labels.texts(), List.of());
    }

    /** Makes a selector with {@code matchLabels} and {@code matchExpressions}. */
    static Selector of(Field selector) {
        return new Selector(
                selector.at("matchLabels").texts(),
                selector.at("matchExpressions").items());
    }

    boolean isEmpty() {
        return labels.isEmpty() && expressions.isEmpty();
    }

    boolean matches(Map<String, String> pod) {
        return pod.entrySet().containsAll(labels.entrySet())
                && expressions.stream().allMatch(each -> matches(each, pod));
    }

    private static boolean matches(Field expression, Map<String, String> pod) {
        String value = pod.get(expression.at("key").text());
        List<String> values =
                expression.at("values").items().stream().map(Field::text).toList();
        return switch (expression.at("operator").text()) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
