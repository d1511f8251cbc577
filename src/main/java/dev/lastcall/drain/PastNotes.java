package dev.lastcall.drain;

import java.util.List;

/**
 * The notes that are kept of some generations.
 *
 * @param forgotten how many of the first one's generation came before it and are not kept any more
 */
@Internal
public record PastNotes(int forgotten, List<Note> notes) {}
