package dev.lastcall.run.log;

import org.jspecify.annotations.Nullable;

/**
 * Where in the response a log has come to at one of its rows: what a reader that begins behind it must know of the rows before.
 *
 * @param seq of that row
 * @param tokens text deltas up to it
 * @param item the last event that added an item, as logged; null: none yet
 * @param part the last event that added a content part, as logged; null: none yet
 */
public record Checkpoint(
        int seq, int tokens, @Nullable String item, @Nullable String part) {}
