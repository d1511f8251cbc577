/** Decides what a manifest says: its objects and pods, which of them belong together, and the settings of a container. */
@NullMarked
package dev.lastcall.lint.manifest;

import org.jspecify.annotations.NullMarked;
