package dev.lastcall.run.postgres;

import org.jboss.logging.Logger;

/**
 * Whether this pod must pause its runs because its lease may have expired. Renewals come on the heartbeat's thread and expiries on the
 * timer's, at the same moment if a pod was stopped and goes on. The state is recomputed from the lease at each notification, so that a late
 * renewal and a late expiry cannot overwrite each other: each reports what is true, one at a time, and only what was not told before.
 * Thread-safe; the listener is called outside the state's monitor.
 */
final class LeaseSuspension {
    private static final Logger LOG = Logger.getLogger(LeaseSuspension.class);

    private final Heartbeat.Listener listener;
    private final Object telling = new Object();

    // Guarded by this.
    private boolean suspended;
    private long newest;

    // Guarded by telling.
    private boolean told;

    LeaseSuspension(Heartbeat.Listener listener) {
        this.listener = listener;
    }

    /**
     * A renewal is confirmed.
     *
     * @param sure whether it holds still: an answer may come late
     * @return its number, to be given to {@link #expire} when it runs out
     */
    long renewed(boolean sure) {
        long mine;
        synchronized (this) {
            newest++;
            mine = newest;
            suspended &= !sure;
        }
        tell();
        return mine;
    }

    /** The renewal has run out: nothing where there is a newer one. */
    void expire(long renewal) {
        synchronized (this) {
            suspended |= renewal == newest;
        }
        tell();
    }

    /** The incarnation is dead: all that was suspended is dropped, and the next one begins unsuspended. */
    void lost() {
        synchronized (this) {
            newest++;
            suspended = false;
        }
        listener.lost();
        tell();
    }

    private void tell() {
        synchronized (telling) {
            boolean now;
            synchronized (this) {
                now = suspended;
            }
            if (now == told) {
                return;
            }
            told = now;
            if (now) {
                LOG.warn("the lease is not sure any more, runs are suspended");
                listener.suspended();
            } else {
                LOG.info("the lease is sure again");
                listener.resumed();
            }
        }
    }
}
