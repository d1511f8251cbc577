/** Decides when a tool is called for a run, and what the ledger says of a call whose outcome is unknown. */
@NullMarked
package dev.lastcall.run.toolcall;

import org.jspecify.annotations.NullMarked;
