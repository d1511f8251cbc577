/** Decides what is wrong with a manifest, one rule a class, and which change mends it. */
@NullMarked
package dev.lastcall.lint.check;

import org.jspecify.annotations.NullMarked;
