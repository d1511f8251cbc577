/** Decides how commits are announced to other pods over Redis pub/sub, which may lose any of it. */
@NullMarked
package dev.lastcall.run.redis;

import org.jspecify.annotations.NullMarked;
