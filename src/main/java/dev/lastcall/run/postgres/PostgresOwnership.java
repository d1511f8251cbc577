package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.ownership.Ownership;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has runs claimed, finds those that were taken away, and writes the deaths of other pods; all of it on one session, one after the other.
 * Thread-safe. The races it closes, besides those of {@link Claims}:
 *
 * <ul>
 *   <li>A claim against the own death: the runs belong to the dead incarnation, and every append of the new one is fenced.
 *   <li>PostgreSQL away for longer than a lease: all leases are over at its return. Deaths are written only by pods whose own renewals
 *       succeeded for a whole lease, so that everybody has renewed before the first of them may.
 *   <li>A run of an own hand-off: it is claimed again only where no other pod did, because this pod claims only while it serves.
 * </ul>
 */
public final class PostgresOwnership implements Ownership, Heartbeat.Listener {
    private static final Logger LOG = Logger.getLogger(PostgresOwnership.class);
    private static final long POLL_MILLIS = 250;
    /** Behind a claim that got all it may: there is more to take, and the other pods are to get some of it. */
    private static final Duration SOON = Duration.ofMillis(25);

    private static final int SECOND = 4;
    private static final int FIVE_SECONDS = 20;

    private final Session session;
    private final Time time;
    private final RunSettings settings;
    private final Heartbeat heartbeat;
    private final Claims claims;

    private volatile @Nullable ClaimListener owner;
    private volatile Fleet fleet = Fleet.unknown();
    private volatile boolean paused;
    private volatile boolean stopped;

    // Of the session's thread.
    private long rounds;
    private boolean hungry;

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
        heartbeat.start();
        session.execute(this::poll);
    }

    /** This pod's incarnation; 0 while it has none. */
    long incarnation() {
        return heartbeat.incarnation();
    }

    @Override
    public boolean mayOwn() {
        return !paused && heartbeat.isHeld() && room() > 0;
    }

    @Override
    public boolean isSure() {
        return heartbeat.isHeld();
    }

    private int room() {
        ClaimListener current = owner;
        return current == null ? 0 : settings.maxOwned() - current.owned().size();
    }

    @Override
    public boolean othersServe() {
        return fleet.othersServe();
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
        session.execute(() -> {
            ClaimListener current = owner;
            if (current == null || stopped) {
                return;
            }
            try {
                findLost(current);
            } catch (SQLException e) {
                LOG.debugf("not asked now, but in a second state=%s", e.getSQLState());
            }
        });
    }

    /** Waits until the own death is written, for as long as a release step may take. */
    @Override
    public void release() {
        stopped = true;
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
        CompletableFuture<Optional<Claimed>> result = new CompletableFuture<>();
        session.execute(() -> {
            try {
                long me = heartbeat.incarnation();
                if (me == 0) {
                    throw new SQLException("this pod is not registered yet (expected: a lease)");
                }
                result.complete(claims.seize(me, run));
            } catch (SQLException | RuntimeException e) {
                claims.missed();
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** An insert that nobody knows the outcome of, and whose client was told of a failure. */
    void orphaned(UUID run) {
        claims.orphaned(run);
    }

    private void poll() {
        if (stopped) {
            return;
        }
        try {
            round();
        } catch (SQLException e) {
            claims.missed();
            LOG.debugf("no claims in this round state=%s", e.getSQLState());
        } catch (RuntimeException e) {
            LOG.error("no claims in this round", e);
        } finally {
            time.schedule(hungry ? SOON : jittered(), () -> session.execute(this::poll));
        }
    }

    private static Duration jittered() {
        double jitter = 0.8 + 0.4 * ThreadLocalRandom.current().nextDouble();
        return Duration.ofMillis((long) (POLL_MILLIS * jitter));
    }

    private void round() throws SQLException {
        long me = heartbeat.incarnation();
        ClaimListener current = owner;
        boolean goesOn = hungry;
        hungry = false;
        if (me == 0 || current == null) {
            return;
        }
        if (!goesOn) {
            lookAround(me, current);
        }
        if (!paused && heartbeat.isHeld()) {
            hungry = claims.take(me, fleet, current, room());
            if (rounds % FIVE_SECONDS == 0) {
                claims.takeOverdue(me, current);
            }
        }
    }

    private void lookAround(long me, ClaimListener current) throws SQLException {
        rounds++;
        if (rounds % SECOND == 0) {
            if (heartbeat.isSound()) {
                writeDeaths();
            }
            findLost(current);
        }
        fleet = session.call(connection -> Fleet.look(connection, me));
        claims.adopt(me, current);
        claims.sealOrphans(me, current);
    }

    private void writeDeaths() throws SQLException {
        List<Long> deaths = session.call(ClaimStatements::writeDeaths);
        if (!deaths.isEmpty()) {
            LOG.infof("declared dead incarnations=%s", deaths);
        }
    }

    /** A row that is gone or of a later epoch; one that this pod itself has just ended is of the same. */
    private void findLost(ClaimListener current) throws SQLException {
        Map<UUID, Integer> owned = current.owned();
        if (owned.isEmpty()) {
            return;
        }
        Map<UUID, Integer> found = session.call(connection -> RunStatements.epochs(connection, owned.keySet()));
        owned.forEach((run, epoch) -> {
            Integer standing = found.get(run);
            if (standing == null || standing > epoch) {
                current.fenced(run, epoch);
            }
        });
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
