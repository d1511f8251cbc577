/** Decides which manifests would lose requests when their pods end, and says why and what to change. */
@NullMarked
package dev.lastcall.lint;

import org.jspecify.annotations.NullMarked;
