package dev.lastcall.run.postgres;

import java.time.Duration;

/**
 * This pod's lease by its own monotonic clock, counted from the instant at which a renewal was <em>sent</em>, since PostgreSQL counts from
 * a later one. Thread-safe.
 */
final class Lease {
    /** The time by which the lease expires earlier for this pod than for other pods. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final long ttl;
    private boolean granted;
    private long sent;
    private long soundSince;

    Lease(Duration ttl) {
        this.ttl = ttl.toNanos();
    }

    /** A renewal that was sent at this instant has been confirmed. */
    synchronized void renewed(long sentAt) {
        if (!granted || sentAt - sent >= held()) {
            soundSince = sentAt;
        }
        granted = true;
        sent = sentAt;
    }

    /** Records a failed renewal: PostgreSQL may have been away from all pods, so that a pod's silence proves nothing. */
    synchronized void missed(long now) {
        soundSince = now;
    }

    synchronized void lost() {
        granted = false;
    }

    /** Whether no other pod can take this one for dead yet. */
    synchronized boolean isHeld(long now) {
        return granted && now - sent < held();
    }

    /** Whether this pod's renewals succeeded for a whole lease: only then is another's silence that other's own. */
    synchronized boolean isSound(long now) {
        return isHeld(now) && now - soundSince >= ttl;
    }

    /** Whether the last renewal was taken and the next one is not overdue: then the log can be written too. */
    synchronized boolean isWritable(long now) {
        return isHeld(now) && soundSince - sent <= 0 && now - sent < ttl / 3 * 2;
    }

    private long held() {
        return ttl - MARGIN.toNanos();
    }
}
