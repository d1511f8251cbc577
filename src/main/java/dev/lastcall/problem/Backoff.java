package dev.lastcall.problem;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time to wait before a request is sent again.
 *
 * @param retries how often that may be
 * @param limit the longest wait
 * @param chance from 0 to 1: clients that were refused together must not come back together
 */
public record Backoff(int retries, Duration limit, DoubleSupplier chance) {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final int MOST_DOUBLINGS = 10;

    /**
     * Returns the wait; empty where the request is not to be sent again.
     *
     * @param before how often it was sent again already
     * @param asked what the upstream asked for, which is kept to; null where nothing
     */
    public Optional<Duration> delay(int before, @Nullable Duration asked) {
        if (before >= retries || (asked != null && asked.compareTo(limit) > 0)) {
            return Optional.empty();
        }
        Duration longest = FIRST.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS));
        Duration own = Duration.ofNanos((long) (longest.toNanos() * (0.5 + chance.getAsDouble() / 2)));
        Duration wait = asked == null || asked.compareTo(own) < 0 ? own : asked;
        return Optional.of(wait.compareTo(limit) > 0 ? limit : wait);
    }

    /** Returns the wait that a {@code retry-after-ms} or {@code retry-after} (seconds or a date: RFC 9110, 10.2.3) asks for; null where none does. */
    public static @Nullable Duration asked(@Nullable String millis, @Nullable String after, Instant now) {
        try {
            if (millis != null) {
                return positive(Duration.ofMillis((long) Double.parseDouble(millis)));
            }
            return after == null ? null : positive(Duration.ofMillis((long) (1000 * Double.parseDouble(after))));
        } catch (NumberFormatException e) {
            return date(after, now);
        }
    }

    private static @Nullable Duration date(@Nullable String after, Instant now) {
        try {
            return after == null
                    ? null
                    : positive(Duration.between(
                            now,
                            ZonedDateTime.parse(after, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant()));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static Duration positive(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
