/** Decides which files are linted, how findings are printed, and the exit code. */
@NullMarked
package dev.lastcall.lint;

import org.jspecify.annotations.NullMarked;
