package dev.lastcall.openai;

import dev.lastcall.run.event.LoggedEvent;

/** Maps the events of one run to the frames of an API. Not thread-safe. */
interface Projection {
    /** Writes what the event is on this wire: server-sent events, or nothing. */
    void write(LoggedEvent event, StringBuilder out);
}
