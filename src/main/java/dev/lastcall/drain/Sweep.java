package dev.lastcall.drain;

/**
 * The order that the open entries have been given: none, that streams end, that all end, or that all are cut. It is set <em>before</em> the stripes
 * are walked, and read by an entry <em>after</em> the entry is linked or reclassified; so the walk finds a late entry, or the entry finds the value,
 * never neither.
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
