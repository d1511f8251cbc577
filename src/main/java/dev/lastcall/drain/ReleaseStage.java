package dev.lastcall.drain;

import java.util.Locale;

/** The order in which a process lets go of what it holds: first who makes work, last what the others still write to. */
public enum ReleaseStage {
    WORKERS,
    SOCKETS,
    RUNS,
    MODEL_CLIENTS,
    PROCESSES,
    APPLICATION,
    STATE,
    REDIS,
    POSTGRESQL,
    TELEMETRY;

    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
