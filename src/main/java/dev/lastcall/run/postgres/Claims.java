package dev.lastcall.run.postgres;

import dev.lastcall.drain.Time;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.ownership.Ownership;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The claims of this pod. On the thread of its session, but for {@link #orphaned} and {@link #forget}. The races it closes:
 *
 * <ul>
 *   <li>A claim whose answer was lost, a run that was given up here because the log refused it: PostgreSQL says that this pod owns the run, and
 *       nobody executes it. It is claimed anew, like a dead pod's. Seen twice, because between an insert's commit and its execution, and between
 *       the end of an execution and its commit, it looks the same for a moment; whoever is slower than that is fenced by the new epoch.
 *   <li>An insert whose answer was lost for good: nobody waits for that run. It may be committed now, later or never: the same id is inserted
 *       once more, which settles it, and what stands under it then is seized and closed as cancelled.
 * </ul>
 */
final class Claims {
    private static final int MOST_CLAIMS = 8;

    private final Session session;
    private final RunSettings settings;
    private final NewerVersionPreference preference;
    private final Map<UUID, NewRun> orphans = new ConcurrentHashMap<>();
    private Map<UUID, Integer> suspects = new HashMap<>();

    Claims(Session session, Time time, RunSettings settings) {
        this.session = session;
        this.settings = settings;
        preference = new NewerVersionPreference(time);
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
        int taken = limit > 0 && fleet.waiting() ? tell(owner, free(me, fleet, limit)) : 0;
        int left = limit - taken;
        List<Long> dead = fleet.dead();
        if (left > 0 && !dead.isEmpty()) {
            taken += tell(owner, session.call(c -> ClaimStatements.claimOfDead(c, me, dead, left)));
        }
        return taken == MOST_CLAIMS;
    }

    private List<Claimed> free(long me, Fleet fleet, int limit) throws SQLException {
        if (settings.version() >= fleet.newest()) {
            preference.forget();
            return session.call(connection -> ClaimStatements.claimFree(connection, me, limit));
        }
        List<UUID> free = session.call(connection -> ClaimStatements.free(connection, 4 * MOST_CLAIMS));
        Set<UUID> ripe = new LinkedHashSet<>(preference.ripe(free));
        return ripe.isEmpty()
                ? List.of()
                : session.call(connection -> ClaimStatements.claimFreeOf(connection, me, ripe, limit));
    }

    /** Claims runs whose deadline has passed from any owner. */
    void takeOverdue(long me, Ownership.ClaimListener owner) throws SQLException {
        tell(owner, session.call(connection -> ClaimStatements.claimOverdue(connection, me, MOST_CLAIMS)));
    }

    /** Remembers an insert whose outcome is unknown and whose client got a failure. */
    void orphaned(NewRun run) {
        orphans.put(run.id(), run);
    }

    boolean hasOrphans() {
        return !orphans.isEmpty();
    }

    /** Each is sought until its insert's outcome is known. */
    void sealOrphans(long me, Ownership.ClaimListener owner) throws SQLException {
        for (NewRun orphan : List.copyOf(orphans.values())) {
            List<Claimed> seized = session.call(connection -> {
                RunStatements.settle(connection, orphan, me);
                return ClaimStatements.seize(connection, me, orphan.id());
            });
            orphans.remove(orphan.id());
            tell(owner, seized);
        }
    }

    /**
     * Claims the runs that this incarnation owns and does not execute, if that was so at the last call too.
     *
     * @return whether there is anything to look at again
     */
    boolean adopt(long me, Ownership.ClaimListener owner) throws SQLException {
        Map<UUID, Integer> standing = session.call(connection -> ClaimStatements.owned(connection, me));
        // Asked behind it: what is executed by now is no suspect.
        standing.keySet().removeAll(owner.owned().keySet());
        Map<UUID, Integer> before = suspects;
        Map<UUID, Integer> again = new HashMap<>(standing);
        again.entrySet().removeIf(each -> !each.getValue().equals(before.get(each.getKey())));
        suspects = standing;
        if (!again.isEmpty()) {
            tell(owner, session.call(connection -> ClaimStatements.adopt(connection, me, again)));
        }
        return !standing.isEmpty();
    }

    private static int tell(Ownership.ClaimListener owner, List<Claimed> claimed) {
        claimed.forEach(owner::claimed);
        return claimed.size();
    }

    /** Forgets everything, because this incarnation has ended and owns nothing. */
    void forget() {
        session.execute(suspects::clear);
    }
}
