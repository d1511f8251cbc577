package dev.lastcall.run.tail;

import java.util.Locale;

/** The source of a tail's events; the {@code source} tag of the metric. */
public enum TailSource {
    LOCAL,
    REDIS,
    LOG;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
