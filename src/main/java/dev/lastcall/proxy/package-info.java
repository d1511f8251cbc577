/** Decides how bytes pass between clients and the application beside us, so that every exchange is counted once and drained. */
@NullMarked
package dev.lastcall.proxy;

import org.jspecify.annotations.NullMarked;
