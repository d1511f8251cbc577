package dev.lastcall.openai;

import dev.lastcall.run.event.LoggedEvent;

/** The log is made of these very events. */
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
