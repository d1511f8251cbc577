/** Decides what is recorded of a run: batches under a fence, reads of one snapshot; and keeps the log in memory where there is no database. */
@NullMarked
package dev.lastcall.run.log;

import org.jspecify.annotations.NullMarked;
