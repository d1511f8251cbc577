/** Decides how a run looks to OpenAI's clients: what they may ask for, the framing of its events, and errors in their shape. */
@NullMarked
package dev.lastcall.openai;

import org.jspecify.annotations.NullMarked;
