/** Decides how this process ends: which signals start the drain, in which order everything is released, the exit code and the report. */
@Internal
@NullMarked
package dev.lastcall.shutdown;

import dev.lastcall.drain.Internal;
import org.jspecify.annotations.NullMarked;
