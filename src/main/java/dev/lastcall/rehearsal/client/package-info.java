/** Decides what a client counts as lost: it asks over plain sockets, so that each way of losing an answer can be told apart. */
@NullMarked
package dev.lastcall.rehearsal.client;

import org.jspecify.annotations.NullMarked;
