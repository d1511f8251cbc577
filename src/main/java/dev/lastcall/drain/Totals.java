package dev.lastcall.drain;

/**
 * Counts of requests, streams and connections.
 *
 * @param served ended by us with an answer
 * @param rejected answered 503 by the closed gate
 * @param cut ended by force at the end of CANCELLING
 * @param left ended by their client
 * @param crossed connections on which bytes arrived while they were being closed
 * @param handedOff runs given away to other pods
 * @param lost runs that ended with this process and nobody goes on with
 * @param brokenOff streams that we ended without their last event, because their clients can go on elsewhere
 */
@Internal
public record Totals(
        long served, long rejected, long cut, long left, long crossed, long handedOff, long lost, long brokenOff) {
    /** All zero. */
    static final Totals NONE = new Totals(0, 0, 0, 0, 0, 0);

    /** Counts without lost runs and broken off streams. */
    public Totals(long served, long rejected, long cut, long left, long crossed, long handedOff) {
        this(served, rejected, cut, left, crossed, handedOff, 0, 0);
    }

    /** Counts what was added since these earlier totals. */
    public Totals minus(Totals earlier) {
        return new Totals(
                served - earlier.served,
                rejected - earlier.rejected,
                cut - earlier.cut,
                left - earlier.left,
                crossed - earlier.crossed,
                handedOff - earlier.handedOff,
                lost - earlier.lost,
                brokenOff - earlier.brokenOff);
    }
}
