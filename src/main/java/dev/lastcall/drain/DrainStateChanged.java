package dev.lastcall.drain;

import java.time.Instant;

/**
 * Event of a change of the drain's stage, in the order of the changes. Its observers run on a thread of their own: one that blocks delays later
 * events and no stage.
 *
 * @param previous the stage before
 * @param state the stage from then on
 */
public record DrainStateChanged(DrainState previous, DrainState state, Instant at) {}
