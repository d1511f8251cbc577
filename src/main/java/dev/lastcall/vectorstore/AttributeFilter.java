package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A condition on a file's attributes. An attribute that is missing, or of another type, fulfils none but {@code ne} and {@code nin}. */
@FunctionalInterface
public interface AttributeFilter {
    /** Fulfilled by every file. */
    AttributeFilter ALL = attributes -> true;

    /** Whether a file's attributes fulfil it. */
    boolean accepts(JsonObject attributes);

    /** All of several conditions. */
    static AttributeFilter and(Collection<AttributeFilter> parts) {
        List<AttributeFilter> all = List.copyOf(parts);
        return attributes -> all.stream().allMatch(each -> each.accepts(attributes));
    }

    /** At least one of several conditions. */
    static AttributeFilter or(Collection<AttributeFilter> parts) {
        List<AttributeFilter> all = List.copyOf(parts);
        return attributes -> all.stream().anyMatch(each -> each.accepts(attributes));
    }

    /** The attribute is one of these values. */
    static AttributeFilter in(String key, Collection<Object> values) {
        List<Object> all = List.copyOf(values);
        return attributes -> all.stream().anyMatch(each -> equal(attributes.getValue(key), each));
    }

    /** The negation of another one. */
    static AttributeFilter not(AttributeFilter other) {
        return attributes -> !other.accepts(attributes);
    }

    /** The attribute is larger than the value, or as large where that is said: numbers by value, strings by their characters. */
    static AttributeFilter above(String key, Object value, boolean orEqual) {
        return attributes -> {
            Integer order = order(attributes.getValue(key), value);
            return order != null && (order > 0 || (orEqual && order == 0));
        };
    }

    /** The attribute is smaller than the value, or as small where that is said. */
    static AttributeFilter below(String key, Object value, boolean orEqual) {
        return attributes -> {
            Integer order = order(attributes.getValue(key), value);
            return order != null && (order < 0 || (orEqual && order == 0));
        };
    }

    private static boolean equal(@Nullable Object one, Object other) {
        if (one instanceof Number a && other instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue()) == 0;
        }
        return Objects.equals(one, other);
    }

    /** Compares two values; null where they have no order. */
    private static @Nullable Integer order(@Nullable Object one, Object other) {
        if (one instanceof Number a && other instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        return one instanceof String a && other instanceof String b ? Integer.valueOf(a.compareTo(b)) : null;
    }
}
