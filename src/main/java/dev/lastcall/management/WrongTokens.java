package dev.lastcall.management;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The wrong tokens of each address: after {@value #AT_ONCE} at once no more than one a second is looked at, so that nobody can try them all.
 * They are logged, a line a second at most. Thread-safe.
 */
final class WrongTokens {
    static final int AT_ONCE = 10;
    private static final long REFILL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MOST_ADDRESSES = 1024;
    private static final Logger LOG = Logger.getLogger(WrongTokens.class);

    private final LongSupplier nanoTime;
    /** The times at which each address' tries are all there again, the oldest first: a time of the past means that they are. */
    private final Map<String, Long> whole = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    private long unlogged;
    private long logAfter;

    WrongTokens(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        logAfter = nanoTime.getAsLong();
    }

    /** Whether a token from there may be looked at. */
    synchronized boolean mayTry(String address) {
        long now = nanoTime.getAsLong();
        Long until = whole.get(address);
        return until == null || until - now <= (AT_ONCE - 1) * REFILL_NANOS;
    }

    /** A token from there was wrong. */
    synchronized void wrong(String address) {
        long now = nanoTime.getAsLong();
        Long until = whole.remove(address);
        whole.put(address, (until == null || until - now < 0 ? now : until) + REFILL_NANOS);
        unlogged++;
        if (now - logAfter >= 0) {
            LOG.warnf("wrong token on the management port: address=%s count=%d", address, unlogged);
            unlogged = 0;
            logAfter = now + REFILL_NANOS;
        }
    }
}
