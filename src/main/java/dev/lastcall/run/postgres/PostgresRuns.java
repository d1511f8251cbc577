package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** The log, the ownership and the ledger on one PostgreSQL, opened and closed together. */
public final class PostgresRuns implements AutoCloseable {
    /** The wait for connections that somebody still uses: they go back before the pool is closed. A silent PostgreSQL is not waited for. */
    private static final Duration GIVING_BACK = Duration.ofMillis(500);

    private final Housekeeping housekeeping;
    private final Session session;
    private final PostgresOwnership ownership;
    private final PostgresLog log;
    private final PostgresToolLedger ledger;

    private PostgresRuns(DataSource source, Time time, RunSettings settings) {
        PrimaryConnections connections = new PrimaryConnections(source);
        Session pulse = new Session("lease", connections, settings.lease(), settings.requests());
        session = new Session("log", connections, settings.requests());
        ownership = new PostgresOwnership(session, pulse, time, settings);
        log = new PostgresLog(connections, session, ownership, settings);
        ledger = new PostgresToolLedger(session, ownership);
        housekeeping = new Housekeeping(connections, time, settings.retention(), settings.makesPartitions());
    }

    /** Makes sure that there are partitions; the schema is there already. */
    public static PostgresRuns open(DataSource source, Time time, RunSettings settings) throws SQLException {
        PostgresRuns runs = new PostgresRuns(source, time, settings);
        runs.housekeeping.start();
        return runs;
    }

    /** Whether PostgreSQL takes what this pod writes: the truth of its lease, which is written every few seconds. */
    public boolean isWritable() {
        return ownership.isWritable();
    }

    public PostgresLog log() {
        return log;
    }

    public PostgresOwnership ownership() {
        return ownership;
    }

    public PostgresToolLedger ledger() {
        return ledger;
    }

    /** The lease last, so that no other pod takes a run while this one still appends to it. */
    @Override
    public void close() {
        housekeeping.close();
        log.close();
        ownership.release();
        session.close();
        awaitEnd(System.nanoTime() + GIVING_BACK.toNanos());
    }

    private void awaitEnd(long deadline) {
        try {
            log.awaitEnd(deadline);
            session.awaitEnd(deadline);
            housekeeping.awaitEnd(deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
