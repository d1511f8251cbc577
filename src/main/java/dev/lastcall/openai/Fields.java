package dev.lastcall.openai;

import dev.lastcall.problem.JsonBody;
import dev.lastcall.problem.MalformedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object that a client sent, each of the right kind or an {@link ApiError} that names it. Null counts as absent. */
final class Fields {
    private final JsonObject json;
    private final String path;

    Fields(JsonObject json) {
        this(json, "");
    }

    private Fields(JsonObject json, String path) {
        this.json = json;
        this.path = path;
    }

    /** The JSON object that a request's body is. */
    static JsonObject object(Buffer body) {
        try {
            if (JsonBody.decode(body) instanceof JsonObject object) {
                return object;
            }
        } catch (MalformedJson malformed) {
            throw ApiError.malformed(
                    switch (malformed.fault()) {
                        case NOT_UTF8 -> "The body is not UTF-8 (expected: a JSON object in UTF-8).";
                        case NOT_JSON -> "The body is not JSON (expected: a JSON object). Mend the JSON.";
                    });
        }
        throw ApiError.malformed("The body is no JSON object (expected: one, as in {\"input\": \"text\"}).");
    }

    /** The element of an array, which must be an object. */
    static Fields element(JsonArray array, int index, String name) {
        String at = name + "[" + index + "]";
        if (array.getValue(index) instanceof JsonObject object) {
            return new Fields(object, at + ".");
        }
        throw wrong(at, array.getValue(index), "an object");
    }

    JsonObject json() {
        return json;
    }

    /** The member's full name: {@code input[0].content}. */
    String name(String member) {
        return path + member;
    }

    boolean has(String member) {
        return json.getValue(member) != null;
    }

    /** Checks that there are no others: one that is misspelt would be passed over in silence. */
    void only(Set<String> members) {
        for (String name : json.fieldNames()) {
            if (!members.contains(name)) {
                throw ApiError.unknownParameter(name(name));
            }
        }
    }

    @Nullable
    String string(String member) {
        Object value = json.getValue(member);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(name(member), value, "a string");
    }

    String requiredString(String member) {
        String value = string(member);
        if (value == null) {
            throw ApiError.missing(name(member), "a string");
        }
        return value;
    }

    /** Reads one of the given words; null where it is absent. */
    @Nullable
    String word(String member, Set<String> words) {
        String value = string(member);
        if (value == null || words.contains(value)) {
            return value;
        }
        throw ApiError.invalid(
                name(member),
                "Invalid value: '" + value + "' for '" + name(member) + "' (expected: one of "
                        + String.join(", ", words.stream().sorted().toList()) + ").");
    }

    boolean flag(String member, boolean otherwise) {
        Object value = json.getValue(member);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name(member), value, "true or false");
    }

    /** Checks a number where there is one. */
    void number(String member, double least, double most) {
        Object value = json.getValue(member);
        if (value == null) {
            return;
        }
        if (!(value instanceof Number number)) {
            throw wrong(name(member), value, "a number from " + least + " to " + most);
        }
        limit(member, number, number.doubleValue() < least, number.doubleValue() > most, "decimal", least, most);
    }

    /** Checks a whole number where there is one. */
    void count(String member, long least) {
        count(member, least, Long.MAX_VALUE);
    }

    /** The same up to a limit. */
    void count(String member, long least, long most) {
        Object value = json.getValue(member);
        if (value == null) {
            return;
        }
        if (!(value instanceof Integer || value instanceof Long)) {
            throw wrong(name(member), value, "a whole number of at least " + least);
        }
        long number = ((Number) value).longValue();
        limit(member, number, number < least, number > most, "integer", least, most);
    }

    /** The whole number; another one where it is absent. */
    int count(String member, int least, int most, int otherwise) {
        count(member, least, most);
        Integer number = json.getInteger(member);
        return number == null ? otherwise : number;
    }

    private void limit(
            String member, Number value, boolean below, boolean above, String kind, Number least, Number most) {
        if (below || above) {
            throw ApiError.wrong(
                    kind + (below ? "_below_min_value" : "_above_max_value"),
                    name(member),
                    "Invalid '" + name(member) + "': " + kind + (below ? " below minimum" : " above maximum")
                            + " value. Expected a value " + (below ? ">= " + least : "<= " + most) + ", but got "
                            + value + " instead.");
        }
    }

    @Nullable
    JsonArray array(String member) {
        Object value = json.getValue(member);
        if (value == null || value instanceof JsonArray) {
            return (JsonArray) value;
        }
        throw wrong(name(member), value, "an array");
    }

    @Nullable
    Fields object(String member) {
        Object value = json.getValue(member);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonObject object) {
            return new Fields(object, name(member) + ".");
        }
        throw wrong(name(member), value, "an object");
    }

    static ApiError wrong(String name, @Nullable Object value, String expected) {
        return ApiError.wrong(
                "invalid_type",
                name,
                "Invalid type for '" + name + "': expected " + expected + ", but got " + kind(value) + " instead.");
    }

    private static String kind(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof JsonObject) {
            return "an object";
        }
        if (value instanceof JsonArray) {
            return "an array";
        }
        String text = value.toString();
        return text.length() > 80 ? "'" + text.substring(0, 80) + "…'" : text;
    }
}
