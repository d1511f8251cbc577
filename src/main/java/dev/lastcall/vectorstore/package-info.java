/** Decides what a vector store holds, how its files become vectors whatever happens to their pods, and what a search finds. */
@NullMarked
package dev.lastcall.vectorstore;

import org.jspecify.annotations.NullMarked;
