/** Decides what an event of a run is: its type, its id, its JSON, and the response that all of them add up to. */
@NullMarked
package dev.lastcall.run.event;

import org.jspecify.annotations.NullMarked;
