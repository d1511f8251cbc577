/** Decides which connection to the application a request gets, and when one is closed. */
@NullMarked
package dev.lastcall.proxy.upstream;

import org.jspecify.annotations.NullMarked;
