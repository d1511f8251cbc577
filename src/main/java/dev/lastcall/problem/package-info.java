/** Errors over HTTP, the same for every wire: RFC 9457 bodies, retry headers, and JSON bodies read within a limit. */
@Internal
@NullMarked
package dev.lastcall.problem;

import dev.lastcall.drain.Internal;
import org.jspecify.annotations.NullMarked;
