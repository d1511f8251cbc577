/** Decides what a client's connection may cost, and which of its bytes become a request. */
@NullMarked
package dev.lastcall.proxy.client;

import org.jspecify.annotations.NullMarked;
