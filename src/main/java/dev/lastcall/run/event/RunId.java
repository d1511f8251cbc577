package dev.lastcall.run.event;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** UUIDs of version 7 (RFC 9562, 5.7): 48 bits of milliseconds, then 74 random bits, so that ids sort by birth. */
public final class RunId {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private RunId() {}

    /**
     * An id of a run that was born then.
     *
     * @param millis since the epoch
     */
    public static UUID at(long millis) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = millis << 16 | VERSION | random.nextLong(1L << 12);
        long low = VARIANT | random.nextLong() >>> 2;
        return new UUID(high, low);
    }
}
