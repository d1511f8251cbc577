/** Errors over HTTP, the same for every wire: RFC 9457 bodies, retry headers, and JSON bodies read within a limit. */
@NullMarked
package dev.lastcall.problem;

import org.jspecify.annotations.NullMarked;
