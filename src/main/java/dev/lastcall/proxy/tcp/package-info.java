/** Decides how connections without HTTP pass. */
@NullMarked
package dev.lastcall.proxy.tcp;

import org.jspecify.annotations.NullMarked;
