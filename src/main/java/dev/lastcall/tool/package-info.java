/** Decides what a server-side tool is: how it is declared, how it is called once, and what its answer is worth. */
@NullMarked
package dev.lastcall.tool;

import org.jspecify.annotations.NullMarked;
