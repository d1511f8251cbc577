/** Decides when a background loop runs, when it is told to end, and how long it is waited for. */
@NullMarked
package dev.lastcall.worker;

import org.jspecify.annotations.NullMarked;
