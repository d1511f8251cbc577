package dev.lastcall.openai;

import dev.lastcall.embedding.EmbeddingRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads the body of {@code POST /v1/embeddings}.
 *
 * @param base64 whether the vectors are sent packed
 */
record ParsedEmbeddingRequest(EmbeddingRequest request, boolean base64) {
    private static final Set<String> KNOWN = Set.of("input", "model", "dimensions", "encoding_format", "user");
    private static final String INPUT = "input";
    private static final int MOST_INPUTS = 2048;
    private static final int MOST_DIMENSIONS = 16_384;

    static ParsedEmbeddingRequest of(JsonObject json) {
        Fields body = new Fields(json);
        body.only(KNOWN);
        String model = body.requiredString("model");
        body.count("dimensions", 1, MOST_DIMENSIONS);
        String format = body.word("encoding_format", Set.of("float", "base64"));
        Integer dimensions = json.getInteger("dimensions");
        return new ParsedEmbeddingRequest(
                new EmbeddingRequest(
                        model,
                        inputs(json.getValue(INPUT)),
                        dimensions == null ? OptionalInt.empty() : OptionalInt.of(dimensions),
                        Optional.ofNullable(body.string("user"))),
                "base64".equals(format));
    }

    private static List<String> inputs(@org.jspecify.annotations.Nullable Object input) {
        List<String> texts = new ArrayList<>();
        if (input == null) {
            throw ApiError.missing(INPUT, "a string or an array of strings");
        }
        if (input instanceof String text) {
            texts.add(text(INPUT, text));
            return texts;
        }
        if (!(input instanceof JsonArray several)) {
            throw Fields.wrong(INPUT, input, "a string or an array of strings");
        }
        if (several.isEmpty() || several.size() > MOST_INPUTS) {
            throw ApiError.wrong(
                    several.isEmpty() ? "empty_array" : "array_above_max_length",
                    INPUT,
                    "Invalid 'input': " + several.size() + " texts. Expected 1 to " + MOST_INPUTS + ".");
        }
        for (int i = 0; i < several.size(); i++) {
            texts.add(text(INPUT + "[" + i + "]", several.getValue(i)));
        }
        return texts;
    }

    private static String text(String name, @org.jspecify.annotations.Nullable Object value) {
        if (value instanceof Number || value instanceof JsonArray) {
            throw ApiError.unsupported(
                    INPUT,
                    "input: token ids (expected: a string or an array of strings). Send the text itself; with LangChain,"
                            + " set check_embedding_ctx_length=False.");
        }
        if (!(value instanceof String text)) {
            throw Fields.wrong(name, value, "a string");
        }
        if (text.isEmpty()) {
            throw ApiError.wrong(
                    "empty_string", name, "Invalid '" + name + "': empty string. Expected at least 1 character.");
        }
        return text;
    }
}
