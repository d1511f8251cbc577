package dev.lastcall.openai;

import dev.lastcall.vectorstore.AttributeFilter;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the filters of a search: comparisons, and {@code and} and {@code or} of them. */
final class SearchFilter {
    private static final Set<String> TYPES = Set.of("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "and", "or");
    private static final String TYPE = "type";
    private static final String VALUE = "value";
    private static final String FILTERS = "filters";
    private static final int DEEPEST = 5;
    private static final int MOST = 100;
    private static final int MOST_VALUES = 1000;

    private int seen;

    private SearchFilter() {}

    /** The condition; fulfilled by all where there is none. */
    static AttributeFilter of(@Nullable Fields filter) {
        return filter == null ? AttributeFilter.ALL : new SearchFilter().read(filter, 1);
    }

    private AttributeFilter read(Fields filter, int depth) {
        seen++;
        if (depth > DEEPEST || seen > MOST) {
            throw ApiError.invalid(
                    filter.name(TYPE),
                    "filters: too many (expected: at most " + MOST + ", " + DEEPEST + " within each other).");
        }
        String type = filter.word(TYPE, TYPES);
        if (type == null) {
            throw ApiError.missing(
                    filter.name(TYPE),
                    "one of " + String.join(", ", TYPES.stream().sorted().toList()));
        }
        return type.equals("and") || type.equals("or") ? compound(type, filter, depth) : comparison(type, filter);
    }

    private AttributeFilter compound(String type, Fields filter, int depth) {
        filter.only(Set.of(TYPE, FILTERS));
        JsonArray parts = filter.array(FILTERS);
        if (parts == null || parts.isEmpty()) {
            throw ApiError.missing(filter.name(FILTERS), "an array of filters");
        }
        List<AttributeFilter> all = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            all.add(read(Fields.element(parts, i, filter.name(FILTERS)), depth + 1));
        }
        return type.equals("and") ? AttributeFilter.and(all) : AttributeFilter.or(all);
    }

    private static AttributeFilter comparison(String type, Fields filter) {
        filter.only(Set.of(TYPE, "key", VALUE));
        String key = filter.requiredString("key");
        Object value = filter.json().getValue(VALUE);
        return switch (type) {
            case "eq" -> AttributeFilter.in(key, List.of(single(filter, value)));
            case "ne" -> AttributeFilter.not(AttributeFilter.in(key, List.of(single(filter, value))));
            case "in" -> AttributeFilter.in(key, several(filter, value));
            case "nin" -> AttributeFilter.not(AttributeFilter.in(key, several(filter, value)));
            case "gt" -> AttributeFilter.above(key, ordered(filter, value), false);
            case "gte" -> AttributeFilter.above(key, ordered(filter, value), true);
            case "lt" -> AttributeFilter.below(key, ordered(filter, value), false);
            default -> AttributeFilter.below(key, ordered(filter, value), true);
        };
    }

    private static Object single(Fields filter, @Nullable Object value) {
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        throw Fields.wrong(filter.name(VALUE), value, "a string, a number or a boolean");
    }

    private static Object ordered(Fields filter, @Nullable Object value) {
        if (value instanceof String || value instanceof Number) {
            return value;
        }
        throw Fields.wrong(filter.name(VALUE), value, "a string or a number");
    }

    private static List<Object> several(Fields filter, @Nullable Object value) {
        if (!(value instanceof JsonArray values)) {
            throw Fields.wrong(filter.name(VALUE), value, "an array of strings and numbers");
        }
        if (values.size() > MOST_VALUES) {
            throw ApiError.wrong(
                    "array_above_max_length",
                    filter.name(VALUE),
                    "Invalid '" + filter.name(VALUE) + "': " + values.size() + " values. Expected at most "
                            + MOST_VALUES + ".");
        }
        List<Object> all = new ArrayList<>();
        values.forEach(each -> all.add(single(filter, each)));
        return all;
    }
}
