package dev.lastcall.drain;

/** The ways in which an entry ends. */
@Internal
public enum Outcome {
    /** The answer was ended by us, whatever its status. */
    COMPLETED,
    /** The client went first. */
    LEFT,
    /** We ended it by force at the end of CANCELLING. */
    CUT,
    /** Another pod goes on with it: an owned run. */
    HANDED_OFF,
    /** A run that ended with this process, and nobody goes on with it. */
    LOST,
    /** A stream that we ended without its last event, because its client can go on elsewhere. */
    BROKEN_OFF;

    /** This constant's place in an array of counters: an EnumMap would box each count under the stripe's monitor. */
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }
}
