package dev.lastcall.run.log;

import org.jspecify.annotations.Nullable;

/**
 * The state of a log at one of its rows: what a reader that begins after that row must know of the rows before.
 *
 * @param seq of that row
 * @param tokens text deltas up to it
 * @param item the last event that added an item, as logged; null: none yet
 * @param part the last event that added a content part, as logged; null: none yet
 */
public record Checkpoint(
        int seq,
        int tokens,
        @Nullable String item,
        @Nullable String part) {}
