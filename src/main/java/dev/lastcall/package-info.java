/** Decides in which seat this process starts: service, sidecar or a command. */
@NullMarked
package dev.lastcall;

import org.jspecify.annotations.NullMarked;
