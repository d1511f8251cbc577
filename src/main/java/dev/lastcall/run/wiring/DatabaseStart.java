package dev.lastcall.run.wiring;

import dev.lastcall.drain.ReadableDuration;
import dev.lastcall.drain.Time;
import dev.lastcall.run.postgres.DatabaseCheck;
import dev.lastcall.run.postgres.PostgresRuns;
import dev.lastcall.run.postgres.RunSettings;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the runs in PostgreSQL at the start: checks what the database can do, migrates it, and tries again for a while where it does not
 * answer, instead of leaving that to a container that is restarted ever more seldom.
 */
final class DatabaseStart {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.start");
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final AgroalDataSource source;
    private final Optional<Flyway> migrations;
    private final Time time;
    private final RunSettings settings;

    /** @param migrations empty where the schema is made by others */
    DatabaseStart(AgroalDataSource source, Optional<Flyway> migrations, Time time, RunSettings settings) {
        this.source = source;
        this.migrations = migrations;
        this.time = time;
        this.settings = settings;
    }

    /**
     * Returns with the runs.
     *
     * @param patience with a database that does not answer
     * @throws ConfigurationException where it cannot hold runs, or did not answer in time
     */
    PostgresRuns open(Duration patience) {
        checkPool();
        long end = time.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return attempt();
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException(e.getMessage(), e);
            } catch (SQLException | FlywayException e) {
                if (!isPassing(e) || end - time.nanoTime() < PAUSE.toNanos()) {
                    throw new ConfigurationException(
                            "PostgreSQL: " + messageOf(e) + " (expected: a database that answers within"
                                    + " lastcall.run.start-timeout = " + ReadableDuration.of(patience)
                                    + ", in which this user may create tables)",
                            e);
                }
                Duration left = Duration.ofNanos(end - time.nanoTime());
                LOG.warnf("PostgreSQL is not there yet, tried again for %ds: %s", left.toSeconds(), messageOf(e));
                rest();
            }
        }
    }

    private PostgresRuns attempt() throws SQLException {
        DatabaseCheck.version(source);
        migrations.ifPresent(Flyway::migrate);
        DatabaseCheck.rights(source, settings.makesPartitions());
        return PostgresRuns.open(source, time, settings);
    }

    /** A smaller pool would not fail but wait: readiness would be DOWN for ever. */
    private void checkPool() {
        int size = source.getConfiguration().connectionPoolConfiguration().maxSize();
        int needed = settings.connections();
        if (size < needed) {
            throw new ConfigurationException("quarkus.datasource.jdbc.max-size: " + size + " (expected: >= " + needed
                    + ", 4 and one for each of lastcall.run.appenders)");
        }
    }

    /** Whether a failure may pass: PostgreSQL is not there, not reachable, starting, stopping, full or read-only. */
    private static boolean isPassing(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String state = cause instanceof SQLException known ? known.getSQLState() : null;
            if (state != null) {
                return state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("55")
                        || state.startsWith("57")
                        || state.startsWith("40")
                        || state.equals("25006");
            }
        }
        // The pool gave up waiting for a connection.
        return rootOf(failure) instanceof SQLException;
    }

    /** Returns the driver's message, which names the address; its own cause does not. */
    private static @Nullable String messageOf(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException said && said.getSQLState() != null) {
                return said.getMessage();
            }
        }
        return rootOf(failure).getMessage();
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private void rest() {
        CountDownLatch over = new CountDownLatch(1);
        time.schedule(PAUSE, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConfigurationException("PostgreSQL: the start was interrupted while it was waited for", e);
        }
    }
}
