package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import dev.lastcall.run.ownership.Ownership.ClaimListener;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Compares what this pod executes with what PostgreSQL says that it owns, once a second where there is anything to compare: runs that were
 * taken away are stopped, those that nobody executes are adopted, inserts of unknown outcome are settled. On the thread of its session.
 */
final class LossWatch {
    private static final Logger LOG = Logger.getLogger(LossWatch.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    /** Rounds between two questions for what is owned, as long as all of it is executed. */
    private static final int SELDOM = 5;

    private final Session session;
    private final Time time;
    private final Heartbeat heartbeat;
    private final Claims claims;
    private final ClaimListener owner;
    private volatile boolean stopped;

    // Of the session's thread.
    private long rounds;
    private boolean suspicious = true;

    LossWatch(Session session, Time time, Heartbeat heartbeat, Claims claims, ClaimListener owner) {
        this.session = session;
        this.time = time;
        this.heartbeat = heartbeat;
        this.claims = claims;
        this.owner = owner;
    }

    void start() {
        session.execute(this::poll);
    }

    void stop() {
        stopped = true;
    }

    /** Asks now for runs that were taken away. */
    void look() {
        session.execute(() -> {
            if (!stopped) {
                tried(this::findLost);
            }
        });
    }

    private void poll() {
        if (!stopped) {
            tried(this::round);
            time.schedule(ROUND, this::start);
        }
    }

    private interface Round {
        void run() throws SQLException;
    }

    private void tried(Round round) {
        try {
            round.run();
        } catch (SQLException e) {
            // The answer to a claim may have been lost.
            suspicious = true;
            LOG.debugf("not asked now, but in a second state=%s: %s", e.getSQLState(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("what is owned and what is executed could not be compared", e);
        }
    }

    private void round() throws SQLException {
        rounds++;
        findLost();
        long me = heartbeat.incarnation();
        if (me == 0 || !heartbeat.isHeld()) {
            return;
        }
        if (suspicious || rounds % SELDOM == 0) {
            suspicious = claims.adopt(me, owner);
        }
        if (claims.hasOrphans()) {
            claims.sealOrphans(me, owner);
        }
    }

    /** A row that is gone or of a later epoch; one that this pod itself has just ended is of the same. */
    private void findLost() throws SQLException {
        Map<UUID, Integer> owned = owner.owned();
        if (owned.isEmpty()) {
            return;
        }
        Map<UUID, Integer> found = session.call(connection -> RunQueries.epochs(connection, owned.keySet()));
        owned.forEach((run, epoch) -> {
            Integer standing = found.get(run);
            if (standing == null || standing > epoch) {
                owner.fenced(run, epoch);
            }
        });
    }
}
