/** Decides how the outcome of a rehearsal is shown: timeline, JSON, HTML. */
@NullMarked
package dev.lastcall.rehearsal.report;

import org.jspecify.annotations.NullMarked;
