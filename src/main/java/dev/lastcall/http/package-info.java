/** Decides what happens to an HTTP request and to its connection in every state of the drain: admit, count, refuse, close, GOAWAY. */
@Internal
@NullMarked
package dev.lastcall.http;

import dev.lastcall.drain.Internal;
import org.jspecify.annotations.NullMarked;
