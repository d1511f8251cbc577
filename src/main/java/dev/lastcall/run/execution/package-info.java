/** Decides how this pod executes a run: model turns, tool calls, limits, hand-off and takeover. */
@NullMarked
package dev.lastcall.run.execution;

import org.jspecify.annotations.NullMarked;
