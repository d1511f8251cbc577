package dev.lastcall.rehearsal.client;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of one agent run, over as many connections as it takes. A stream that ends with {@code shutdown} is not the run's end. For one thread.
 */
public final class RunEvents implements HttpConnection.BodySink {
    private static final int LONGEST = 64 * 1024;
    private static final int MOST = 20_000;

    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean serverSent;
    private String run = "";
    private String last = "-1";
    private String id = "-1";
    private boolean ended;

    @Override
    public void begin(String mediaType) {
        serverSent = mediaType.startsWith("text/event-stream");
        line.reset();
    }

    @Override
    public void identify(String name) {
        if (run.isEmpty()) {
            run = name;
        }
    }

    @Override
    public void accept(int next) {
        if (next != '\n') {
            if (line.size() < LONGEST) {
                line.write(next);
            }
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8).strip();
        line.reset();
        if (serverSent && text.startsWith("id:")) {
            id = text.substring("id:".length()).strip();
        } else if (serverSent && text.startsWith("data:")) {
            hear(text.substring("data:".length()).strip());
        }
    }

    private void hear(String data) {
        try {
            JsonObject event = new JsonObject(data);
            if ("end".equals(event.getString("type"))) {
                String reason = String.valueOf(event.getValue("reason"));
                ended = !reason.equals("shutdown");
                if (ended) {
                    add("end " + reason);
                }
            } else {
                add(event.getString("type") + " " + event.getValue("n") + " " + event.getValue("text"));
                last = id;
            }
        } catch (DecodeException | ClassCastException e) {
            add(data);
        }
    }

    private void add(String event) {
        if (events.size() < MOST) {
            events.add(event);
        }
    }

    /** Returns the id of the run; empty before its first answer. */
    public String run() {
        return run;
    }

    /** Whether the run has ended, and its client knows. */
    public boolean isEnded() {
        return ended;
    }

    /** Returns the request with which its client goes on after the last event that it has. */
    public LoadRequest next() {
        return new LoadRequest("GET", "/agent/runs/" + run + "/events", "", java.util.Map.of("Last-Event-ID", last));
    }

    /** Returns the events so far. */
    public List<String> events() {
        return List.copyOf(events);
    }
}
