package dev.lastcall.lint.manifest;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the service's configuration takes them: {@code 30} (seconds), {@code 500ms}, {@code 30s}, {@code 1h30m}, {@code PT30S}. */
public final class WrittenDuration {
    private static final Pattern MILLIS = Pattern.compile("([0-9]{1,12})ms");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private WrittenDuration() {}

    /** Parses a duration; none where the service would refuse it. */
    public static Optional<Duration> parse(String text) {
        String written = text.strip().toLowerCase(Locale.ROOT);
        Matcher millis = MILLIS.matcher(written);
        if (millis.matches()) {
            return Optional.of(Duration.ofMillis(Long.parseLong(millis.group(1))));
        }
        if (SECONDS.matcher(written).matches()) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(written)));
        }
        try {
            if (written.matches("[0-9]+d")) {
                return Optional.of(Duration.parse("P" + written));
            }
            return Optional.of(Duration.parse(written.matches("[0-9].*") ? "PT" + written : written));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Formats a duration for people: {@code 4 s}, {@code 1.5 s}. */
    public static String seconds(Duration duration) {
        long millis = duration.toMillis();
        return (millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1000.0)) + " s";
    }
}
