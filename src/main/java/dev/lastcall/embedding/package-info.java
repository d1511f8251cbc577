/** Decides how texts become vectors: which model embeds them, where it runs, and when it is loaded and unloaded. */
@NullMarked
package dev.lastcall.embedding;

import org.jspecify.annotations.NullMarked;
