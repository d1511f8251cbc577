package dev.lastcall.management.telemetry;

import java.util.Locale;

/** What is sent to a collector. */
enum Signal {
    TRACES,
    METRICS;

    /** {@code traces}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where a collector takes it, below its address. */
    String path() {
        return "/v1/" + word();
    }
}
