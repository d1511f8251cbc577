/** Decides what a WebSocket's client is told when it breaks the protocol, and when the drain ends it. */
@NullMarked
package dev.lastcall.http.websocket;

import org.jspecify.annotations.NullMarked;
