package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import dev.lastcall.run.ownership.Ownership.ClaimListener;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Periodically reads the fleet and claims runs; writes the fleet's row if no other pod does. On the thread of its session.
 */
final class ClaimLoop {
    private static final Logger LOG = Logger.getLogger(ClaimLoop.class);
    /** The pause after a claim that got as many runs as it may, short but long enough for other pods to get some. */
    private static final Duration SOON = Duration.ofMillis(25);

    private static final Duration OVERDUE = Duration.ofSeconds(5);

    private final Session session;
    private final Time time;
    private final RunSettings settings;
    private final Heartbeat heartbeat;
    private final Claims claims;
    private final ClaimListener owner;
    private final BooleanSupplier claiming;

    private volatile Fleet fleet = Fleet.unknown();
    private volatile boolean stopped;

    // Of the session's thread.
    private boolean hungry;
    private long overdueAt;

    /** @param claiming whether this pod may claim at the moment, as far as its own drain is concerned */
    ClaimLoop(
            Session session,
            Time time,
            RunSettings settings,
            Heartbeat heartbeat,
            Claims claims,
            ClaimListener owner,
            BooleanSupplier claiming) {
        this.session = session;
        this.time = time;
        this.settings = settings;
        this.heartbeat = heartbeat;
        this.claims = claims;
        this.owner = owner;
        this.claiming = claiming;
        overdueAt = time.nanoTime();
    }

    void start() {
        session.execute(this::poll);
    }

    void stop() {
        stopped = true;
    }

    /** All pods, as they were seen last. */
    Fleet fleet() {
        return fleet;
    }

    /** Returns how many more runs this pod may own. */
    int room() {
        return settings.maxOwned() - owner.owned().size();
    }

    private void poll() {
        if (stopped) {
            return;
        }
        try {
            round();
        } catch (SQLException e) {
            LOG.debugf("no claims in this round state=%s: %s", e.getSQLState(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("no claims in this round", e);
        } finally {
            time.schedule(hungry ? SOON : pause(), this::start);
        }
    }

    private Duration pause() {
        Duration pace = ClaimPace.of(fleet, fleet.keeper() == heartbeat.incarnation(), !claiming.getAsBoolean());
        return ClaimPace.jittered(pace, ThreadLocalRandom.current().nextDouble());
    }

    private void round() throws SQLException {
        long me = heartbeat.incarnation();
        boolean goesOn = hungry;
        hungry = false;
        if (me == 0) {
            return;
        }
        if (!goesOn) {
            fleet = look(me);
        }
        if (claiming.getAsBoolean() && heartbeat.isHeld()) {
            hungry = claims.take(me, fleet, owner, room());
            takeOverdue(me);
        }
    }

    private Fleet look(long me) throws SQLException {
        boolean sound = heartbeat.isSound();
        boolean mine = fleet.keeper() == me;
        boolean free = sound ? fleet.expired() : fleet.overdue();
        if ((mine || free) && heartbeat.isHeld()) {
            Optional<Fleet> kept = session.call(connection -> Fleet.keep(connection, me, sound));
            if (kept.isPresent()) {
                tellDeaths(kept.get());
                return kept.get();
            }
        }
        return session.call(Fleet::look);
    }

    private void tellDeaths(Fleet now) {
        if (!fleet.dead().containsAll(now.dead())) {
            LOG.infof("dead pods own runs incarnations=%s", now.dead());
        }
    }

    /** All pods together look about once a second. */
    private void takeOverdue(long me) throws SQLException {
        long now = time.nanoTime();
        if (now - overdueAt >= 0) {
            Duration share = Duration.ofSeconds(fleet.live());
            overdueAt = now + (share.compareTo(OVERDUE) > 0 ? share : OVERDUE).toNanos();
            claims.takeOverdue(me, owner);
        }
    }
}
