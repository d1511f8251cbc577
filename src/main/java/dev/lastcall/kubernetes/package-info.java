/** Decides what this pod is told of itself by the API server, and tells it: that it ends, what its deletion would cost, whether it serves. */
@NullMarked
package dev.lastcall.kubernetes;

import org.jspecify.annotations.NullMarked;
