package dev.lastcall.http;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The media types of answers that are streams of events; their names are case-insensitive (RFC 9110, 8.3.1). Stateless. */
public final class StreamTypes {
    private static final String EVENTS = "text/event-stream";
    private static final Set<String> LINES = Set.of(
            "application/x-ndjson",
            "application/ndjson",
            "application/x-jsonlines",
            "application/jsonlines",
            "application/x-jsonl",
            "application/jsonl",
            "application/json-seq");

    private StreamTypes() {}

    /** Whether a Content-Type is one of a stream whose events can be told apart. */
    public static boolean isStream(@Nullable String contentType) {
        return contentType != null && (isLines(contentType) || name(contentType).equals(EVENTS));
    }

    /** Whether each line of it is an event. */
    public static boolean isLines(String contentType) {
        return LINES.contains(name(contentType));
    }

    private static String name(String contentType) {
        int parameters = contentType.indexOf(';');
        String name = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
