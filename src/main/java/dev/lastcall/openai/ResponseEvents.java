package dev.lastcall.openai;

import dev.lastcall.run.event.LoggedEvent;

/** Sends the events as the log has them, since the log is made of events of the Responses API. */
final class ResponseEvents implements Projection {
    @Override
    public void write(LoggedEvent event, StringBuilder out) {
        out.append("id: ")
                .append(event.seq())
                .append("\nevent: ")
                .append(event.type().key())
                .append("\ndata: ")
                .append(event.json())
                .append("\n\n");
    }
}
