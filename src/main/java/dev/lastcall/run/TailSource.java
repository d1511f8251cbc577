package dev.lastcall.run;

import java.util.Locale;

/** Where a tail's events come from; the {@code source} tag of the metric. */
enum TailSource {
    LOCAL,
    REDIS,
    LOG;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
