/** Decides how a port is listened on whose connections are bytes and not HTTP. */
@NullMarked
package dev.lastcall.tcp;

import org.jspecify.annotations.NullMarked;
