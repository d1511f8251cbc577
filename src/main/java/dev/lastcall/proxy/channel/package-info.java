/** Decides how fast bytes pass from one channel to another, and how long that may take. */
@NullMarked
package dev.lastcall.proxy.channel;

import org.jspecify.annotations.NullMarked;
