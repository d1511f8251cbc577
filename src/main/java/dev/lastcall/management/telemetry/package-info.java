/** Decides what a drain looks like as a trace, and sees to it that the trace is gone before the process is. */
@NullMarked
package dev.lastcall.management.telemetry;

import org.jspecify.annotations.NullMarked;
