package dev.lastcall.rehearsal.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes a body apart into its events: the data lines of server-sent events, the lines of anything else. What differs from one request to
 * the next by its nature (UUIDs, long numbers) is made equal. What is beyond the limits is left out. For one thread.
 */
public final class EventLines implements HttpConnection.BodySink {
    private static final int LONGEST = 16 * 1024;
    private static final int MOST = 20_000;
    private static final Pattern VARYING = Pattern.compile(
            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+|[0-9]{10,}(\\.[0-9]+)?");

    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean serverSent;

    @Override
    public void begin(String mediaType) {
        serverSent = mediaType.startsWith("text/event-stream");
    }

    @Override
    public void accept(int next) {
        if (next == '\n') {
            endLine();
        } else if (line.size() < LONGEST) {
            line.write(next);
        }
    }

    private void endLine() {
        String text = line.toString(StandardCharsets.UTF_8).strip();
        line.reset();
        if (serverSent && !text.startsWith("data:")) {
            return;
        }
        add(serverSent ? text.substring("data:".length()).strip() : text);
    }

    void add(String event) {
        if (!event.isEmpty() && events.size() < MOST) {
            events.add(VARYING.matcher(event).replaceAll("#"));
        }
    }

    int size() {
        return events.size();
    }

    /** Returns the events so far. */
    public List<String> events() {
        if (line.size() > 0) {
            endLine();
        }
        return List.copyOf(events);
    }
}
