/** Decides how tests meet the outside: the packaged application as a process, and databases that can be cut off. */
@NullMarked
package dev.lastcall.testing;

import org.jspecify.annotations.NullMarked;
