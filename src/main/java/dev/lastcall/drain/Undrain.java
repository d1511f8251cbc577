package dev.lastcall.drain;

/** The answer to an undrain. */
@Internal
public sealed interface Undrain {
    /** The process serves again (or still does), in this generation. */
    record Undone(long generation) implements Undrain {}

    /** Too late, or not the caller's to undo. */
    record TooLate(DrainState state, String reason) implements Undrain {}
}
