package dev.lastcall.drain;

import java.util.Locale;

/** The kind of work that an entry counts; the {@code class} tag of the metrics. */
@Internal
public enum EntryClass {
    UNARY,
    STREAM,
    WEBSOCKET,
    TCP,
    RUN;

    /** Whether {@code stream-patience} applies: work that may never end by itself. */
    boolean isPatient() {
        return this == STREAM || this == WEBSOCKET || this == TCP;
    }

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** This constant's place in an array of counters: an EnumMap would box each count under the stripe's monitor. */
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }
}
