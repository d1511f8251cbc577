package dev.lastcall.rehearsal.client;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request that clients send again and again.
 *
 * @param path with its query
 * @param body empty for none
 * @param headers besides those of every request
 */
public record LoadRequest(String method, String path, String body, Map<String, String> headers) {
    private static final Pattern WRITTEN =
            Pattern.compile("(?:(GET|HEAD|POST|PUT|PATCH|DELETE) +)?(/[!-~]*)(?: +(\\S.*))?", Pattern.DOTALL);
    private static final int LONGEST = 8000;

    /** Makes one without headers of its own. */
    public LoadRequest(String method, String path, String body) {
        this(method, path, body, Map.of());
    }

    /**
     * Reads {@code /path}, {@code METHOD /path} or {@code METHOD /path body}.
     *
     * @throws IllegalArgumentException where it is none of them; the message says what was expected
     */
    public static LoadRequest parse(String written) {
        Matcher matcher = WRITTEN.matcher(written.strip());
        if (!matcher.matches() || written.length() > LONGEST) {
            throw new IllegalArgumentException(written
                    + " (expected: /path, or METHOD /path, or METHOD /path and a body; at most 8000 characters)");
        }
        String body = matcher.group(3) == null ? "" : matcher.group(3);
        String method = matcher.group(1) == null ? (body.isEmpty() ? "GET" : "POST") : matcher.group(1);
        return new LoadRequest(method, matcher.group(2), body);
    }

    /** Whether a client or proxy may send it again without being asked (RFC 9110, 9.2.2). */
    public boolean isIdempotent() {
        return !method.equals("POST") && !method.equals("PATCH");
    }

    /** Returns the bytes of the request by HTTP/1.1. */
    byte[] bytes(int port, boolean keep) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
        fields(content.length)
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append(keep ? "\r\n" : "Connection: close\r\n\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[start.length + content.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(content, 0, all, start.length, content.length);
        return all;
    }

    /** Returns the header fields that it has whatever the protocol. */
    Map<String, String> fields(int length) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Accept", "*/*");
        fields.put("User-Agent", "lastcall-rehearse");
        fields.putAll(headers);
        if (length > 0) {
            boolean json = body.startsWith("{") || body.startsWith("[");
            fields.put("Content-Type", json ? "application/json" : "text/plain");
        }
        if (length > 0 || !isIdempotent()) {
            fields.put("Content-Length", Integer.toString(length));
        }
        return fields;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
