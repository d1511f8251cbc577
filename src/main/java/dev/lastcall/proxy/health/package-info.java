/** Decides whether the application is up, and what follows when it comes back. */
@NullMarked
package dev.lastcall.proxy.health;

import org.jspecify.annotations.NullMarked;
