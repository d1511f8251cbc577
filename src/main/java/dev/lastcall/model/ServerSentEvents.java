package dev.lastcall.model;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * Parses a stream of server-sent events (WHATWG HTML, 9.2.6), from bytes as they come to events: byte order mark, comments, lines that end
 * in LF, CR or CRLF, several {@code data} lines. An event that the end of the stream cuts off is told by {@link #end}. Not thread-safe.
 */
final class ServerSentEvents {
    /** No chunk of a token is that long, in bytes; an event without end would fill the memory. */
    private static final int LONGEST_EVENT = 1 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final BiConsumer<String, String> sink;
    private final StringBuilder data = new StringBuilder();
    private String name = "";
    private boolean hasData;
    private Buffer line = Buffer.buffer();
    private int held;
    private boolean first = true;
    private boolean afterCarriageReturn;

    /** @param sink takes the name, empty where there is none, and the data of each event */
    ServerSentEvents(BiConsumer<String, String> sink) {
        this.sink = sink;
    }

    /** @throws TooLong where an event is longer than 1 MiB */
    void read(Buffer bytes) {
        int start = 0;
        for (int i = 0; i < bytes.length(); i++) {
            byte each = bytes.getByte(i);
            if (each == '\n' && afterCarriageReturn) {
                start = i + 1;
            } else if (each == '\n' || each == '\r') {
                keep(bytes, start, i);
                endLine();
                start = i + 1;
            }
            afterCarriageReturn = each == '\r';
        }
        keep(bytes, start, bytes.length());
    }

    private void keep(Buffer bytes, int start, int end) {
        held += end - start;
        if (held > LONGEST_EVENT) {
            throw new TooLong();
        }
        line.appendBuffer(bytes, start, end - start);
    }

    /** The stream has ended: what was not closed by an empty line is an event all the same, for some servers leave it out. */
    void end() {
        if (line.length() > 0) {
            endLine();
        }
        dispatch();
    }

    private void endLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line = Buffer.buffer();
        if (first && text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        first = false;
        if (text.isEmpty()) {
            dispatch();
        } else {
            field(text);
        }
    }

    private void field(String text) {
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (field) {
            case "data" -> {
                if (hasData) {
                    data.append('\n');
                }
                data.append(value);
                hasData = true;
            }
            case "event" -> name = value;
            // No field of the standard: llama.cpp tells of its failure so.
            case "error" -> sink.accept("error", value);
            default -> {
                // Comments, ids and times to reconnect say nothing here.
            }
        }
    }

    private void dispatch() {
        held = 0;
        if (data.length() > 0) {
            String whole = data.toString();
            data.setLength(0);
            String event = name;
            hasData = false;
            name = "";
            sink.accept(event, whole);
        }
        hasData = false;
        name = "";
    }

    /** An event that is longer than any that is right. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
