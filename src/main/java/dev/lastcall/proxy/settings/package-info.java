/** Decides where the sidecar listens, where the application is, and within which limits the two are served. */
@NullMarked
package dev.lastcall.proxy.settings;

import org.jspecify.annotations.NullMarked;
