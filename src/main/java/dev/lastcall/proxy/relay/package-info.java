/** Decides how a request reaches the application and its answer the client, and what a failure on the way becomes. */
@NullMarked
package dev.lastcall.proxy.relay;

import org.jspecify.annotations.NullMarked;
