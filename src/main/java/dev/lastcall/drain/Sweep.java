package dev.lastcall.drain;

/**
 * How far the telling has come. It is ordered <em>before</em> the stripes are walked and read by an entry <em>after</em> it is linked or
 * reclassified; so a late entry is met by the walk or meets the order, never neither.
 */
enum Sweep {
    NONE,
    TELL_STREAMS,
    TELL_ALL,
    CUT;

    boolean tells(EntryClass kind) {
        return switch (this) {
            case NONE -> false;
            case TELL_STREAMS -> kind.isPatient();
            case TELL_ALL, CUT -> true;
        };
    }
}
