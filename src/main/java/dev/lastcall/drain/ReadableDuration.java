package dev.lastcall.drain;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A duration as people write it into a configuration: {@code 30s}, {@code 1500ms}, {@code 5m}. Immutable. */
@Internal
public final class ReadableDuration {
    private static final Map<TimeUnit, String> UNITS = Map.of(
            TimeUnit.DAYS, "d",
            TimeUnit.HOURS, "h",
            TimeUnit.MINUTES, "m",
            TimeUnit.SECONDS, "s",
            TimeUnit.MILLISECONDS, "ms");

    private ReadableDuration() {}

    /** In the largest unit of which it is a whole number; what is finer than milliseconds stays in the ISO form. */
    public static String of(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        for (TimeUnit unit :
                new TimeUnit[] {TimeUnit.DAYS, TimeUnit.HOURS, TimeUnit.MINUTES, TimeUnit.SECONDS, TimeUnit.MILLISECONDS
                }) {
            long count = unit.convert(duration);
            if (count != Long.MAX_VALUE && duration.equals(Duration.of(count, unit.toChronoUnit()))) {
                return count + UNITS.get(unit);
            }
        }
        return duration.toString();
    }
}
