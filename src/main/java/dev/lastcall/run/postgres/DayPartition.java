package dev.lastcall.run.postgres;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/** A partition of the log: the runs started on one day of UTC, which is a range of ids, because ids begin with the start time. */
record DayPartition(LocalDate date) {
    private static final String PREFIX = "run_events_";

    static DayPartition of(Instant instant) {
        return new DayPartition(instant.atZone(ZoneOffset.UTC).toLocalDate());
    }

    /** The day of a partition's name. */
    static DayPartition ofTable(String table) {
        return new DayPartition(LocalDate.parse(table.substring(PREFIX.length()), DateTimeFormatter.BASIC_ISO_DATE));
    }

    String table() {
        return PREFIX + date.format(DateTimeFormatter.BASIC_ISO_DATE);
    }

    DayPartition plus(int days) {
        return new DayPartition(date.plusDays(days));
    }

    Instant end() {
        return plus(1).start();
    }

    private Instant start() {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** The least id of this day; version and variant are left out, which sorts before any. */
    UUID first() {
        return new UUID(start().toEpochMilli() << 16, 0);
    }
}
