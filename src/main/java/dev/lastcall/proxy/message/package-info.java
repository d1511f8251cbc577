/** Decides what of an HTTP message belongs to one connection, and which messages two programs could read differently. */
@NullMarked
package dev.lastcall.proxy.message;

import org.jspecify.annotations.NullMarked;
