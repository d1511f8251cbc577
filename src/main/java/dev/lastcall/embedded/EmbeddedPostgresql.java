package dev.lastcall.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A PostgreSQL with an empty database, stopped and deleted by a JVM shutdown hook of the library. */
final class EmbeddedPostgresql {

    /** Forty lines of INFO for each start. The field keeps the level: loggers without a reference are collected. */
    private static final Logger LIBRARY = Logger.getLogger("io.zonky.test");

    private EmbeddedPostgresql() {}

    /** The port on which it listens. */
    static int start() {
        LIBRARY.setLevel(Level.WARNING);
        try {
            return EmbeddedPostgres.builder()
                    // As in production; the library's default is off.
                    .setServerConfig("synchronous_commit", "on")
                    .start()
                    .getPort();
        } catch (IOException e) {
            throw new UncheckedIOException("embedded PostgreSQL did not start", e);
        }
    }
}
