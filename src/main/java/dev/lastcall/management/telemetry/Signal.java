package dev.lastcall.management.telemetry;

import java.util.Locale;

/** The kinds of data that are sent to a collector. */
enum Signal {
    TRACES,
    METRICS;

    /** {@code traces}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the path below a collector's address at which it takes this signal. */
    String path() {
        return "/v1/" + word();
    }
}
