package dev.lastcall.run.tail;

import java.util.Locale;

/** Where a tail's events come from; the {@code source} tag of the metric. */
public enum TailSource {
    LOCAL,
    REDIS,
    LOG;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
