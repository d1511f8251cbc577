package dev.lastcall.drain;

/** How an entry ended. */
public enum Outcome {
    /** The answer was ended by us, whatever its status; also one that we broke off where the client can go on elsewhere. */
    COMPLETED,
    /** The client went first. */
    LEFT,
    /** We ended it by force at the end of CANCELLING. */
    CUT,
    /** Another pod goes on with it: an owned run. */
    HANDED_OFF;

    /** This constant's place in an array of counters: an EnumMap would box each count under the stripe's monitor. */
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }
}
