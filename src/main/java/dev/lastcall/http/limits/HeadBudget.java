package dev.lastcall.http.limits;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all requests' heads together may take that have begun and do not end: each is bounded, and thousands of them would still be
 * too much. A head that comes in one piece is not counted. Thread-safe.
 */
public final class HeadBudget {
    private static final int SHARE_OF_HEAP = 16;

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /**
     * A budget of so much.
     *
     * @param most in bytes
     */
    public HeadBudget(long most) {
        this.most = most;
    }

    /** A sixteenth of the largest heap. */
    public static HeadBudget ofThisHeap() {
        return new HeadBudget(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** The part of one connection, on its event loop. */
    public Part part() {
        return new Part();
    }

    /** The part of the budget that one connection holds. On its event loop. */
    public final class Part {
        private long taken;

        private Part() {}

        /** Holds so much from now on, and not what it held before; false: all together hold too much. */
        public boolean hold(long bytes) {
            long more = bytes - taken;
            taken = bytes;
            return more == 0 || held.addAndGet(more) <= most || more < 0;
        }

        /** Holds nothing any more. */
        public void release() {
            if (taken > 0) {
                held.addAndGet(-taken);
                taken = 0;
            }
        }
    }
}
