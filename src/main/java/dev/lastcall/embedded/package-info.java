/** Decides which databases dev mode and tests get: the configured ones, else a real PostgreSQL and a real Redis of their own. */
@NullMarked
package dev.lastcall.embedded;

import org.jspecify.annotations.NullMarked;
