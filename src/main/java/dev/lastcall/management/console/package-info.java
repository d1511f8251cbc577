/** Decides how the drain looks to people: one page, made here whole, so that a browser without scripts shows the same facts. */
@NullMarked
package dev.lastcall.management.console;

import org.jspecify.annotations.NullMarked;
