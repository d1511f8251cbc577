package dev.lastcall.openai;

import dev.lastcall.run.event.LoggedEvent;

/** How the events of one run look on a wire. Not thread-safe. */
interface Projection {
    /** Writes what the event is on this wire: server-sent events, or nothing. */
    void write(LoggedEvent event, StringBuilder out);
}
