package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/**
 * Renews this pod's lease, on a thread and a connection of its own. Thread-safe. The races it closes:
 *
 * <ul>
 *   <li>A pod that was stopped (SIGSTOP, a long collection, a frozen node) and goes on: it finds its row dead, drops everything and is a
 *       new incarnation. What it appends before that matches no row, because the owner or the epoch is another.
 *   <li>A renewal against a death: both update the pod's row, and each looks at the row again after waiting for the other. Once dead, an
 *       incarnation stays dead.
 *   <li>A renewal against its running out: {@link LeaseSuspension}.
 *   <li>The end of the lease against the beginning of an effect: {@link #isHeld} asks the clock, not a timer that may be late.
 * </ul>
 */
final class Heartbeat {
    private static final Logger LOG = Logger.getLogger(Heartbeat.class);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);
    private static final String REGISTER = """
            INSERT INTO pods (incarnation, lease_until, draining, version)
            VALUES (?, clock_timestamp() + ? * interval '1 ms', ?, ?) ON CONFLICT DO NOTHING""";
    private static final String RENEW = """
            UPDATE pods SET lease_until = clock_timestamp() + ? * interval '1 ms', draining = ?
            WHERE incarnation = ? AND NOT dead""";
    private static final String DIE =
            "WITH f AS (" + Fleet.LEAVE + ") UPDATE pods SET dead = true WHERE incarnation = ?";

    /** Receives changes of the lease, on the heartbeat's or the timer's thread. */
    interface Listener {
        /** Called when this incarnation is dead; a new one follows. */
        void lost();

        void suspended();

        void resumed();
    }

    private final Session session;
    private final Time time;
    private final Duration ttl;
    private final long version;
    private final LeaseSuspension suspension;
    private final Lease lease;

    private volatile long incarnation;
    private volatile boolean draining;
    private volatile boolean stopped;

    Heartbeat(Session session, Time time, RunSettings settings, Listener listener) {
        this.session = session;
        this.time = time;
        ttl = settings.lease();
        version = settings.version();
        suspension = new LeaseSuspension(listener);
        lease = new Lease(ttl);
    }

    /** Begins, and beats on until {@link #stop}. */
    void start() {
        session.execute(this::beat);
    }

    /** 0 before the first registration, and again between a death and the next one. */
    long incarnation() {
        return incarnation;
    }

    boolean isHeld() {
        return incarnation != 0 && lease.isHeld(time.nanoTime());
    }

    /** Whether PostgreSQL takes what this pod writes. */
    boolean isWritable() {
        return incarnation != 0 && lease.isWritable(time.nanoTime());
    }

    /** Whether this pod may write others' deaths. */
    boolean isSound() {
        return incarnation != 0 && lease.isSound(time.nanoTime());
    }

    boolean isDraining() {
        return draining;
    }

    /** Tells the others at once. */
    void drain(boolean drains) {
        draining = drains;
        session.execute(this::renewNow);
    }

    private void renewNow() {
        if (!stopped && incarnation != 0) {
            renewOnce();
        }
    }

    private void beat() {
        if (stopped) {
            return;
        }
        boolean renewed = incarnation == 0 ? register() : renewOnce();
        Duration third = ttl.dividedBy(3);
        Duration retry = third.compareTo(LONGEST_RETRY) < 0 ? third : LONGEST_RETRY;
        time.schedule(renewed ? third : retry, this::start);
    }

    private boolean register() {
        long sent = time.nanoTime();
        long mine = 1 + ThreadLocalRandom.current().nextLong(Long.MAX_VALUE - 1);
        try {
            // Never repeated with the same number: one whose answer was lost owns nothing and dies by itself.
            int added = session.call(connection -> {
                try (var insert = connection.prepareStatement(REGISTER)) {
                    insert.setLong(1, mine);
                    insert.setLong(2, ttl.toMillis());
                    insert.setBoolean(3, draining);
                    insert.setLong(4, version);
                    return insert.executeUpdate();
                }
            });
            if (added == 1) {
                incarnation = mine;
                renewed(sent);
            }
            return added == 1;
        } catch (SQLException e) {
            missed(e);
            return false;
        }
    }

    private boolean renewOnce() {
        long sent = time.nanoTime();
        try {
            int found = session.call(connection -> {
                try (var update = connection.prepareStatement(RENEW)) {
                    update.setLong(1, ttl.toMillis());
                    update.setBoolean(2, draining);
                    update.setLong(3, incarnation);
                    return update.executeUpdate();
                }
            });
            if (found == 1) {
                renewed(sent);
                return true;
            }
            die();
            return register();
        } catch (SQLException e) {
            missed(e);
            return false;
        }
    }

    private void die() {
        LOG.warnf("declared dead, all runs are dropped incarnation=%d", incarnation);
        incarnation = 0;
        lease.lost();
        suspension.lost();
    }

    private void missed(SQLException failure) {
        lease.missed(time.nanoTime());
        LOG.debugf("renewal failed state=%s", failure.getSQLState());
    }

    private void renewed(long sent) {
        lease.renewed(sent);
        long renewal = suspension.renewed(lease.isHeld(time.nanoTime()));
        Duration sure = ttl.minusSeconds(1).minusNanos(time.nanoTime() - sent);
        time.schedule(sure, () -> {
            if (!stopped) {
                suspension.expire(renewal);
            }
        });
    }

    /** Ends this incarnation, so that other pods may claim what it still owns. */
    CompletionStage<Void> stop() {
        stopped = true;
        long last = incarnation;
        incarnation = 0;
        if (last == 0) {
            session.close();
            return CompletableFuture.completedFuture(null);
        }
        return session.submit(connection -> {
                    try (var update = connection.prepareStatement(DIE)) {
                        update.setLong(1, last);
                        update.setLong(2, last);
                        return update.executeUpdate();
                    }
                })
                .whenComplete((written, failure) -> session.close())
                .thenAccept(written -> LOG.debug("the lease is given up"));
    }
}
