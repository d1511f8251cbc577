package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.ownership.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The claims of this pod, and which of them its owner has been told. On the thread of its session, but for {@link #orphaned} and {@link #forget}.
 * The races it closes:
 *
 * <ul>
 *   <li>A claim whose answer was lost: the next round asks what this incarnation owns and adopts what it was never told.
 *   <li>An insert whose answer was lost for good: nobody waits for that run, so it is seized and closed as cancelled.
 * </ul>
 */
final class Claims {
    private static final int MOST_CLAIMS = 8;

    private final Session session;
    private final RunSettings settings;
    private final NewerVersionPreference patience;
    private final Map<UUID, Integer> told = new ConcurrentHashMap<>();
    private final Set<UUID> orphans = ConcurrentHashMap.newKeySet();
    private boolean unsure;

    Claims(Session session, Time time, RunSettings settings) {
        this.session = session;
        this.settings = settings;
        patience = new NewerVersionPreference(time);
    }

    /**
     * Takes free runs, then those of dead pods.
     *
     * @param me this pod's incarnation
     * @param room how many more it may own
     * @return whether it got as many as one claim may
     */
    boolean take(long me, Fleet fleet, Ownership.ClaimListener owner, int room) throws SQLException {
        int limit = Math.min(MOST_CLAIMS, room);
        int taken = limit > 0 ? tell(owner, free(me, fleet, limit)) : 0;
        int left = limit - taken;
        List<Long> dead = fleet.dead();
        if (left > 0 && !dead.isEmpty()) {
            taken += tell(owner, session.call(c -> ClaimStatements.claimOfDead(c, me, dead, left)));
        }
        return taken == MOST_CLAIMS;
    }

    private List<Claimed> free(long me, Fleet fleet, int limit) throws SQLException {
        if (settings.version() >= fleet.newest()) {
            patience.forget();
            return session.call(connection -> ClaimStatements.claimFree(connection, me, limit));
        }
        List<UUID> free = session.call(connection -> ClaimStatements.free(connection, 4 * MOST_CLAIMS));
        Set<UUID> ripe = new LinkedHashSet<>(patience.ripe(free));
        return ripe.isEmpty()
                ? List.of()
                : session.call(connection -> ClaimStatements.claimFreeOf(connection, me, ripe, limit));
    }

    /** Takes runs whose deadline is over, whoever owns them. */
    void takeOverdue(long me, Ownership.ClaimListener owner) throws SQLException {
        tell(owner, session.call(connection -> ClaimStatements.claimOverdue(connection, me, MOST_CLAIMS)));
    }

    /** Takes a run in order to close it; whoever asked closes it. */
    Optional<Claimed> seize(long me, UUID run) throws SQLException {
        List<Claimed> seized = session.repeatably(connection -> ClaimStatements.seize(connection, me, run));
        seized.forEach(each -> told.put(each.run(), each.epoch()));
        return seized.stream().findFirst();
    }

    /** An insert that nobody knows the outcome of, and whose client was told of a failure. */
    void orphaned(UUID run) {
        orphans.add(run);
    }

    void sealOrphans(long me, Ownership.ClaimListener owner) throws SQLException {
        for (UUID orphan : new ArrayList<>(orphans)) {
            List<Claimed> seized = session.call(connection -> ClaimStatements.seize(connection, me, orphan));
            orphans.remove(orphan);
            tell(owner, seized);
        }
    }

    /** An answer may have been lost. */
    void missed() {
        unsure = true;
    }

    /** Asks what this incarnation owns, where an answer may have been lost. */
    void adopt(long me, Ownership.ClaimListener owner) throws SQLException {
        if (!unsure) {
            return;
        }
        List<Claimed> standing = session.call(connection -> ClaimStatements.owned(connection, me));
        Set<UUID> ours = new HashSet<>();
        Map<UUID, Integer> executed = owner.owned();
        for (Claimed each : standing) {
            ours.add(each.run());
            boolean heardOf = each.epoch() == told.getOrDefault(each.run(), 0)
                    || each.epoch() == executed.getOrDefault(each.run(), 0);
            if (!heardOf) {
                tell(owner, List.of(each));
            }
        }
        told.keySet().retainAll(ours);
        unsure = false;
    }

    private int tell(Ownership.ClaimListener owner, List<Claimed> claimed) {
        for (Claimed each : claimed) {
            told.put(each.run(), each.epoch());
            if (told.size() > 4 * settings.maxOwned()) {
                // Only to be pruned: what it forgets is what is not owned any more.
                unsure = true;
            }
            owner.claimed(each);
        }
        return claimed.size();
    }

    /** This incarnation is over, and owns nothing. */
    void forget() {
        told.clear();
    }
}
