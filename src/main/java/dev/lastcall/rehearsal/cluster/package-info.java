/** Decides which pods are replaced when, and which of them a client is sent to. */
@NullMarked
package dev.lastcall.rehearsal.cluster;

import org.jspecify.annotations.NullMarked;
