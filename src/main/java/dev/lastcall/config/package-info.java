/** Decides which values a key may have, and in which words a wrong one is refused. */
@NullMarked
package dev.lastcall.config;

import org.jspecify.annotations.NullMarked;
