/** Decides what clients ask for while pods are replaced, and keeps what they lost. */
@NullMarked
package dev.lastcall.rehearsal.load;

import org.jspecify.annotations.NullMarked;
