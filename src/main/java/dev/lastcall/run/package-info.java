/** Decides what a run is to its client: which inputs are accepted, how tokens are numbered, and with which one end it ends. */
@NullMarked
package dev.lastcall.run;

import org.jspecify.annotations.NullMarked;
