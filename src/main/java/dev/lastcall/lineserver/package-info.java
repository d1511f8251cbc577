/** Decides how work looks on connections that stay: what a message starts, and that it stops with its connection. */
@NullMarked
package dev.lastcall.lineserver;

import org.jspecify.annotations.NullMarked;
