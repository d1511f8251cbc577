/** Decides when a supervised program runs, when it counts as ready, whether it is started again, and how it is stopped. */
@NullMarked
package dev.lastcall.process;

import org.jspecify.annotations.NullMarked;
