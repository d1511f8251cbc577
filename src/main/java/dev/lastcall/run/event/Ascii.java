package dev.lastcall.run.event;

import io.vertx.core.json.Json;

/** JSON in ASCII, which is what the log stores: U+0000 and halves of characters, which PostgreSQL's text cannot hold, are escapes or gone. */
public final class Ascii {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int LARGEST = 0x7e;

    private Ascii() {}

    /**
     * Encodes a value as JSON in ASCII.
     *
     * @param value what Vert.x can encode
     */
    public static String json(Object value) {
        String json = Json.encode(value);
        for (int i = 0; i < json.length(); i++) {
            if (json.charAt(i) > LARGEST) {
                return escaped(json, i);
            }
        }
        return json;
    }

    private static String escaped(String json, int from) {
        StringBuilder ascii = new StringBuilder(json.length() + 32).append(json, 0, from);
        for (int i = from; i < json.length(); i++) {
            char each = json.charAt(i);
            if (each <= LARGEST) {
                ascii.append(each);
            } else if (!Character.isSurrogate(each)) {
                append(ascii, each);
            } else if (i + 1 < json.length() && Character.isSurrogatePair(each, json.charAt(i + 1))) {
                append(ascii, each);
                append(ascii, json.charAt(++i));
            } else {
                append(ascii, REPLACEMENT);
            }
        }
        return ascii.toString();
    }

    private static void append(StringBuilder ascii, char each) {
        String hex = Integer.toHexString(each);
        ascii.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
    }
}
