package dev.lastcall.rehearsal.cluster;

/**
 * The Deployment controller's arithmetic: how many pods may be started and ended at a moment. Pods whose end has begun count no more,
 * however long it takes.
 *
 * @param surge how many there may be besides the replicas
 * @param unavailable how many of the replicas may be missing
 * @param recreate whether all old pods have gone before a new one is started
 */
public record RollingUpdate(int replicas, int surge, int unavailable, boolean recreate) {
    public RollingUpdate {
        if (replicas < 1 || surge < 0 || unavailable < 0 || (surge == 0 && unavailable == 0 && !recreate)) {
            throw new IllegalArgumentException("replicas " + replicas + ", surge " + surge + ", unavailable "
                    + unavailable + " (expected: at least one replica, and surge or unavailable above 0)");
        }
    }

    /**
     * The numbers of pods at a moment.
     *
     * @param old of the old version, their end not begun
     * @param fresh of the new version
     * @param available old and new ones that are ready
     * @param leaving whose end has begun and who are still there
     */
    public record Count(int old, int fresh, int available, int leaving) {}

    /** Returns how many new pods are started now. */
    public int toStart(Count count) {
        int missing = replicas - count.fresh();
        if (recreate) {
            return count.old() == 0 && count.leaving() == 0 ? missing : 0;
        }
        return Math.max(0, Math.min(missing, replicas + surge - count.old() - count.fresh()));
    }

    /** Returns how many old pods are told to end now. */
    public int toEnd(Count count) {
        if (recreate) {
            return count.old();
        }
        return Math.max(0, Math.min(count.old(), count.available() - (replicas - unavailable)));
    }
}
