package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.ExpectedEvents;

/**
 * The answer that is known from before anything was replaced.
 *
 * @param events of a stream or WebSocket
 * @param count the number of messages after which a WebSocket is over
 */
public record Learned(int status, ExpectedEvents events, int count) {}
