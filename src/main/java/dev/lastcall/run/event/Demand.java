package dev.lastcall.run.event;

/** The outstanding demand of a subscriber of a {@link java.util.concurrent.Flow}. */
public final class Demand {
    private Demand() {}

    /** Returns the sum of both, unbounded where it would not fit (Reactive Streams, 3.17). */
    public static long plus(long asked, long more) {
        return asked + more < 0 ? Long.MAX_VALUE : asked + more;
    }
}
