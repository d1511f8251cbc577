/** Decides how a WebSocket passes, and between which frames it is ended. */
@NullMarked
package dev.lastcall.proxy.tunnel;

import org.jspecify.annotations.NullMarked;
