package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.ownership.Ownership;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * This pod's ownership of runs in PostgreSQL: lease, claims, losses; all but the lease on one session, one after the other.
 * Thread-safe. The races it closes, besides those of its parts:
 *
 * <ul>
 *   <li>A claim against the own death: the runs belong to the dead incarnation, and every append of the new one is fenced.
 *   <li>PostgreSQL away for longer than a lease: all leases are over at its return. Deaths are written only by a pod whose own renewals
 *       succeeded for a whole lease, so that everybody has renewed before the first of them may.
 *   <li>A run of an own hand-off: it is claimed again only where no other pod did, because this pod claims only while it serves.
 * </ul>
 */
public final class PostgresOwnership implements Ownership, Heartbeat.Listener {
    private static final Logger LOG = Logger.getLogger(PostgresOwnership.class);

    private final Session session;
    private final Time time;
    private final RunSettings settings;
    private final Heartbeat heartbeat;
    private final Claims claims;

    private volatile @Nullable ClaimListener owner;
    private volatile @Nullable ClaimLoop loop;
    private volatile @Nullable LossWatch watch;
    private volatile boolean paused;

    /**
     * @param session for claims; its thread is also the inserts'
     * @param pulse for the heartbeat alone
     */
    PostgresOwnership(Session session, Session pulse, Time time, RunSettings settings) {
        this.session = session;
        this.time = time;
        this.settings = settings;
        heartbeat = new Heartbeat(pulse, time, settings, this);
        claims = new Claims(session, time, settings);
    }

    @Override
    public void start(ClaimListener follower) {
        owner = follower;
        ClaimLoop claiming = new ClaimLoop(session, time, settings, heartbeat, claims, follower, () -> !paused);
        LossWatch comparing = new LossWatch(session, time, heartbeat, claims, follower);
        loop = claiming;
        watch = comparing;
        heartbeat.start();
        claiming.start();
        comparing.start();
    }

    /** Returns this pod's incarnation; 0 while it has none. */
    long incarnation() {
        return heartbeat.incarnation();
    }

    /** Whether PostgreSQL takes what this pod writes, as its last renewal showed. */
    boolean isWritable() {
        return heartbeat.isWritable();
    }

    @Override
    public boolean mayOwn() {
        ClaimLoop current = loop;
        return !paused && heartbeat.isHeld() && current != null && current.room() > 0;
    }

    @Override
    public boolean isSure() {
        return heartbeat.isHeld();
    }

    @Override
    public boolean othersServe() {
        ClaimLoop current = loop;
        return current != null && current.fleet().othersServe(heartbeat.incarnation());
    }

    @Override
    public boolean paused() {
        return paused;
    }

    @Override
    public void pause() {
        paused = true;
        heartbeat.drain(true);
    }

    @Override
    public void resume() {
        paused = false;
        heartbeat.drain(false);
    }

    @Override
    public void look() {
        LossWatch current = watch;
        if (current != null) {
            current.look();
        }
    }

    /** Waits until the own death is written, for as long as a release step may take. */
    @Override
    public void release() {
        ClaimLoop claiming = loop;
        LossWatch comparing = watch;
        if (claiming != null && comparing != null) {
            claiming.stop();
            comparing.stop();
        }
        try {
            heartbeat.stop().toCompletableFuture().get(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("the lease was not given up, it runs out by itself: %s", e);
        }
    }

    /** Takes a run in order to close it. */
    CompletionStage<Optional<Claimed>> seize(UUID run) {
        return session.request(connection -> {
            long me = heartbeat.incarnation();
            if (me == 0) {
                throw new SQLException("this pod is not registered yet (expected: a lease)", "55000");
            }
            return ClaimStatements.seize(connection, me, run).stream().findFirst();
        });
    }

    /** Remembers an insert whose outcome is unknown and whose client got a failure. */
    void orphaned(NewRun run) {
        claims.orphaned(run);
    }

    @Override
    public void lost() {
        claims.forget();
        ClaimListener current = owner;
        if (current != null) {
            current.lost();
        }
    }

    @Override
    public void suspended() {
        ClaimListener current = owner;
        if (current != null) {
            current.suspended();
        }
    }

    @Override
    public void resumed() {
        ClaimListener current = owner;
        if (current != null) {
            current.resumed();
        }
    }
}
