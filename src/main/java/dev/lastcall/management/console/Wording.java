package dev.lastcall.management.console;

import dev.lastcall.drain.DrainState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The words of the console. */
final class Wording {
    private Wording() {}

    /** {@code Lame duck}. */
    static String name(String key) {
        String words = key.replace('-', ' ');
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** Describes what a state means for clients. */
    static String sentence(DrainState state) {
        return switch (state) {
            case SERVING -> "New requests are served.";
            case LAME_DUCK -> "Still serving, but not ready any more: new traffic is being sent elsewhere.";
            case DRAINING -> "New requests are refused; what is in flight goes on to its end.";
            case CANCELLING -> "What is still in flight has been told to end now.";
            case DRAINED -> "Nothing is in flight any more.";
            case RELEASING -> "Everything is being closed in order.";
            case STOPPED -> "Everything is closed.";
        };
    }

    /** A shape for each state, because colour alone says nothing to many. */
    static String symbol(String state) {
        return switch (state) {
            case "serving" -> "●";
            case "lame-duck" -> "◑";
            case "draining" -> "▼";
            case "cancelling" -> "▲";
            case "drained" -> "○";
            default -> "■";
        };
    }

    /** {@code 850 ms}, {@code 18.5 s}, {@code 2 min 05 s}, {@code 1 h 02 min}, {@code 3 d 04 h}. */
    static String length(Duration length) {
        if (length.isNegative()) {
            return "−" + length(length.negated());
        }
        long seconds = length.toSeconds();
        if (seconds < 1) {
            return length.toMillis() + " ms";
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1f s", length.toMillis() / 1e3);
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
        }
        return String.format(Locale.ROOT, "%d d %02d h", seconds / 86_400, seconds / 3600 % 24);
    }

    /** {@code 2026-01-02 03:04:05} in UTC, as logs have it, with the exact instant for programs. */
    static Html time(Instant instant) {
        String exact = instant.truncatedTo(ChronoUnit.SECONDS).toString();
        return Html.of(
                "<time datetime=\"{}\">{}</time>",
                exact,
                exact.replace('T', ' ').replace("Z", ""));
    }

    /** {@code 03:04:05}, where the day is plain. */
    static Html clock(Instant instant) {
        String exact = instant.truncatedTo(ChronoUnit.SECONDS).toString();
        return Html.of("<time datetime=\"{}\">{}</time>", exact, exact.substring(11, 19));
    }

    /** A state as it is shown everywhere: shape, word and colour. */
    static Html badge(String state) {
        return Html.of(
                "<span class=\"badge {}\"><span aria-hidden=\"true\">{}</span> {}</span>",
                "s-" + state.replaceAll("[^a-z-]", ""),
                symbol(state),
                name(state));
    }
}
