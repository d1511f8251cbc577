/**
 * Decides when a process may end: what is admitted, what is still in flight, what is told to end, what is cut, and the order of the
 * release.
 */
@NullMarked
package dev.lastcall.drain;

import org.jspecify.annotations.NullMarked;
