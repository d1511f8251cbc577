package dev.lastcall.management;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The values of {@code Accept} or {@code Accept-Encoding}, each with its weight (RFC 9110, 12.5). Values that cannot be read count as not asked for.
 */
record MediaRanges(List<Range> ranges) {
    /** @param parameters without the weight, in lower case */
    record Range(String name, Map<String, String> parameters, double weight) {}

    static MediaRanges of(List<String> headers) {
        List<Range> ranges = new ArrayList<>();
        for (String each : String.join(",", headers).split(",", -1)) {
            String[] parts = each.strip().toLowerCase(Locale.ROOT).split(";", -1);
            Map<String, String> parameters = Stream.of(parts)
                    .skip(1)
                    .map(part -> part.split("=", 2))
                    .filter(pair -> pair.length == 2)
                    .collect(Collectors.toMap(
                            pair -> pair[0].strip(), pair -> pair[1].strip().replace("\"", ""), (one, other) -> one));
            String weight = parameters.getOrDefault("q", "1");
            if (!parts[0].isBlank() && weight.matches("[01](\\.[0-9]{0,3})?")) {
                ranges.add(new Range(parts[0].strip(), parameters, Double.parseDouble(weight)));
            }
        }
        return new MediaRanges(ranges);
    }

    /** Whether OpenMetrics is asked for by its version, and no less than the text. */
    boolean prefersOpenMetrics() {
        double open = weight(ranges.stream()
                .filter(range -> range.name().equals("application/openmetrics-text")
                        && "1.0.0".equals(range.parameters().get("version"))));
        double text = weight(ranges.stream().filter(range -> range.name().equals("text/plain")));
        return open > 0 && open >= text;
    }

    /** Whether a coding is taken: by its own name, else by {@code *}. */
    boolean takes(String coding) {
        List<Range> named =
                ranges.stream().filter(range -> range.name().equals(coding)).toList();
        return weight(
                        (named.isEmpty()
                                ? ranges.stream().filter(range -> range.name().equals("*"))
                                : named.stream()))
                > 0;
    }

    private static double weight(Stream<Range> found) {
        return found.mapToDouble(Range::weight).max().orElse(0);
    }
}
