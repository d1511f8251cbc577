/** Decides which pod executes a run. */
@NullMarked
package dev.lastcall.run.ownership;

import org.jspecify.annotations.NullMarked;
