package dev.lastcall.drain;

import java.util.Locale;

/** The stages of the release, in order: first what makes new work, last what the others still write to. */
public enum ReleaseStage {
    WORKERS,
    SOCKETS,
    RUNS,
    MODEL_CLIENTS,
    VECTOR_STORE,
    EMBEDDING_MODEL,
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
