/** Decides which values a key may have, and in which words a wrong one is refused. */
@Internal
@NullMarked
package dev.lastcall.config;

import dev.lastcall.drain.Internal;
import org.jspecify.annotations.NullMarked;
