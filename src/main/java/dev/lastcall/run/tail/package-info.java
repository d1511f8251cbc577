/** Decides how a follower reads a run's log: each event once, in order, from whatever source announces it first. */
@NullMarked
package dev.lastcall.run.tail;

import org.jspecify.annotations.NullMarked;
