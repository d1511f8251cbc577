/** Decides what a client's connection may cost before and beside its requests, and which bytes become one. */
@NullMarked
package dev.lastcall.http.limits;

import org.jspecify.annotations.NullMarked;
