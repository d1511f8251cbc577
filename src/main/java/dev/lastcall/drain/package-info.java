/** Decides when a process may end: what is admitted, what is still in flight, who is told, what is cut and in which order it is released. */
@NullMarked
package dev.lastcall.drain;

import org.jspecify.annotations.NullMarked;
