/** Decides how an input becomes tokens: which model answers, how fast, and when it stops. */
@NullMarked
package dev.lastcall.model;

import org.jspecify.annotations.NullMarked;
