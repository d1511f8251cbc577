package dev.lastcall.model;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a chat completion as its JSON objects: server-sent events, or one JSON value from servers that do not stream. The first byte
 * tells which, because servers and what stands before them mislabel both. Not thread-safe.
 */
final class ChatBytes {
    /** Receives the objects; each call may throw a {@link ModelFailure}. */
    interface Listener {
        void chunk(JsonObject chunk);

        /** The stream says that it has ended, as OpenAI's do. */
        void done();
    }

    private static final String DONE = "[DONE]";
    private static final String ERROR = "error";
    /** The most bytes of a body; no answer of a server that does not stream is that long. */
    private static final int LONGEST_BODY = 16 << 20;

    private final Listener listener;
    private final ServerSentEvents events = new ServerSentEvents(this::event);
    /** All that came, where it is one JSON value; null: it is a stream. */
    private @Nullable Buffer body = Buffer.buffer();

    private boolean heard;

    ChatBytes(Listener listener) {
        this.listener = listener;
    }

    void read(Buffer bytes) {
        if (body == null) {
            events.read(bytes);
            return;
        }
        boolean begun = isJson(body);
        body.appendBuffer(bytes);
        if (!begun && !isJson(body) && !isBlank(body)) {
            Buffer held = body;
            body = null;
            events.read(held);
        } else if (body.length() > LONGEST_BODY) {
            throw malformed(null);
        }
    }

    private static boolean isJson(Buffer bytes) {
        int first = first(bytes);
        return first < bytes.length() && (bytes.getByte(first) == '{' || bytes.getByte(first) == '[');
    }

    private static boolean isBlank(Buffer bytes) {
        return first(bytes) == bytes.length();
    }

    /** Returns the index of the first byte that is neither white space nor of a byte order mark. */
    private static int first(Buffer bytes) {
        int first = 0;
        while (first < bytes.length() && " \t\r\n\u00ef\u00bb\u00bf".indexOf(bytes.getByte(first) & 0xff) >= 0) {
            first++;
        }
        return first;
    }

    /** No more bytes come; true where they were one JSON value, which says all there is. */
    boolean end() {
        Buffer json = body;
        if (json == null || isBlank(json)) {
            events.end();
            if (json == null && !heard) {
                // A page of HTML, say, from a proxy on the way.
                throw malformed(null);
            }
            return false;
        }
        whole(json.getString(first(json), json.length()));
        return true;
    }

    private void whole(String json) {
        List<JsonObject> objects = objects(decoded(json));
        if (objects.isEmpty()) {
            throw malformed(null);
        }
        for (JsonObject object : objects) {
            if (!object.containsKey("choices")) {
                throw UpstreamError.inStream(UpstreamError.errorIn(object));
            }
            listener.chunk(object);
        }
    }

    private void event(String name, String data) {
        heard = true;
        String text = data.strip();
        if (text.equals(DONE)) {
            listener.done();
        } else if (name.equals(ERROR)) {
            throw UpstreamError.inStream(error(data));
        } else if (!text.isEmpty()) {
            chunks(text);
        }
    }

    /** An error object, bare or as a member, or a text. */
    private static @Nullable Object error(String data) {
        try {
            JsonObject object = new JsonObject(data);
            return object.getValue(ERROR, object);
        } catch (DecodeException e) {
            return new JsonObject().put("message", data);
        }
    }

    private void chunks(String data) {
        try {
            // A value that is no object, as null, says nothing.
            objects(decoded(data)).forEach(listener::chunk);
        } catch (NoJson e) {
            // Some servers forget the empty line between two events.
            List<String> lines = data.lines().toList();
            if (lines.size() == 1) {
                throw malformed(e);
            }
            lines.forEach(line -> event("", line));
        }
    }

    private static @Nullable Object decoded(String json) {
        try {
            return Json.decodeValue(json);
        } catch (DecodeException e) {
            throw new NoJson(e);
        }
    }

    /** The object, or those of an array, as Google's server sends its errors; none where it is something else. */
    private static List<JsonObject> objects(@Nullable Object value) {
        Stream<?> values = value instanceof JsonArray array ? array.stream() : Stream.ofNullable(value);
        return values.filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .toList();
    }

    static ModelFailure malformed(@Nullable Throwable cause) {
        return ModelFailure.interrupted("the model's upstream sent what is no chat completion", cause);
    }

    /** A text that cannot be parsed. */
    private static final class NoJson extends RuntimeException {
        private static final long serialVersionUID = 1;

        private NoJson(DecodeException cause) {
            super(cause);
        }
    }
}
