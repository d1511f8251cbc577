/** Decides how the parts of runs are put together as beans, from configuration. */
@NullMarked
package dev.lastcall.run.wiring;

import org.jspecify.annotations.NullMarked;
