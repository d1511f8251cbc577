/** Decides how a rolling update is rehearsed on one machine, under load, and what the command prints of it. */
@NullMarked
package dev.lastcall.rehearsal;

import org.jspecify.annotations.NullMarked;
