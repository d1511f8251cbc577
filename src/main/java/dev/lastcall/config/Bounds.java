package dev.lastcall.config;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The values between two bounds.
 *
 * @param read the value of a text, to compare with; throws where there is none
 */
record Bounds<T extends Comparable<T>>(String kind, String min, String max, String example, Function<String, T> read) {
    private static final String LONGEST = "365d";
    private static final String LARGEST = "1T";

    /** Returns the bounds of a type; null where it has none. */
    static @Nullable Bounds<?> of(Class<?> type, @Nullable Range range) {
        if (type == Duration.class) {
            return bounds("a duration", "1ms", LONGEST, "30s, 500ms or PT30S", Bounds::duration, range);
        }
        if (type == MemorySize.class) {
            return bounds("a size", "1", LARGEST, "64K or 4M", Bounds::size, range);
        }
        if (type == int.class || type == Integer.class) {
            return bounds("an integer", "1", Integer.toString(Integer.MAX_VALUE), "", Bounds::integer, range);
        }
        if (type == long.class || type == Long.class) {
            return bounds("an integer", "1", Long.toString(Long.MAX_VALUE), "", Bounds::integer, range);
        }
        if (type == double.class || type == Double.class) {
            return bounds("a number", "0.001", "1000000", "", text -> new BigDecimal(text.strip()), range);
        }
        return null;
    }

    private static <T extends Comparable<T>> Bounds<T> bounds(
            String kind, String min, String max, String example, Function<String, T> read, @Nullable Range range) {
        String least = range == null || range.min().isEmpty() ? min : range.min();
        String most = range == null || range.max().isEmpty() ? max : range.max();
        return new Bounds<>(kind, least, most, example, read);
    }

    private static Duration duration(String text) {
        return Objects.requireNonNull(DurationConverter.parseDuration(text.strip()));
    }

    private static BigInteger size(String text) {
        return new MemorySizeConverter().convert(text.strip()).asBigInteger();
    }

    private static BigInteger integer(String text) {
        return new BigInteger(text.strip());
    }

    boolean contains(String text) {
        try {
            T value = read.apply(text);
            return value.compareTo(read.apply(min)) >= 0 && value.compareTo(read.apply(max)) <= 0;
        } catch (RuntimeException e) {
            return false;
        }
    }

    String expected() {
        String such = example.isEmpty() ? "" : ", such as " + example;
        return kind + " from " + min + " to " + max + such;
    }
}
