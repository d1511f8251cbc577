package dev.lastcall.tool;

import dev.lastcall.drain.ReadableDuration;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A tool as it was declared, checked.
 *
 * @param url absolute, http or https
 * @param timeout of a whole call
 * @param maxAnswer in bytes
 */
record Declaration(
        String name,
        URI url,
        String description,
        JsonObject schema,
        boolean idempotent,
        Duration timeout,
        int maxAnswer) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final long LARGEST = 1 << 20;

    Declaration {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "lastcall.tool." + name + ": no name of a function (expected: 1 to 64 letters, digits, _ and -)");
        }
        if (timeout.toMillis() < 1) {
            throw wrong(name, "timeout", ReadableDuration.of(timeout), "at least 1ms");
        }
        if (maxAnswer < 1 || maxAnswer > LARGEST) {
            throw wrong(name, "max-answer", maxAnswer + " bytes", "1 to " + LARGEST + " bytes, as in 64K");
        }
    }

    static Declaration of(String name, ToolConfig.Declared declared) {
        return new Declaration(
                name,
                url(name, declared.url()),
                declared.description().orElse(""),
                schema(name, declared.schema()),
                declared.idempotent(),
                declared.timeout(),
                (int) Math.min(declared.maxAnswer().asLongValue(), Integer.MAX_VALUE));
    }

    /** Parses the URL. Errors do not show its value, since it may contain a password. */
    private static URI url(String name, String text) {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "lastcall.tool." + name + ".url: no address (expected: as in http://tools:8000/look-up)");
    }

    private static JsonObject schema(String name, String text) {
        try {
            JsonObject schema = new JsonObject(text);
            if ("object".equals(schema.getValue("type"))) {
                return schema;
            }
        } catch (DecodeException e) {
            // Said below.
        }
        throw wrong(
                name,
                "schema",
                text,
                "JSON, as in {\"type\":\"object\",\"properties\":{\"at\":{\"type\":\"string\"}}}");
    }

    private static IllegalArgumentException wrong(String name, String key, Object value, String expected) {
        return new IllegalArgumentException(
                "lastcall.tool." + name + "." + key + ": " + value + " (expected: " + expected + ")");
    }
}
