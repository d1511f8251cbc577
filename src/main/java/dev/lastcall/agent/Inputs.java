package dev.lastcall.agent;

import dev.lastcall.problem.BodyTooLarge;
import dev.lastcall.problem.JsonBody;
import dev.lastcall.problem.MalformedJson;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the input out of a client's JSON, or says why it cannot be read. Thread-safe. */
@Singleton
@Startup
final class Inputs {
    private static final long LARGEST = 16 << 20;
    private static final int ESCAPED = 6;
    private static final int ENVELOPE = 4 << 10;
    private static final String EXPECTED = " (expected: a JSON object {\"input\": \"text\"}); ";

    private final int maxInput;

    Inputs(AgentConfig config) {
        long bytes = config.maxInput().asLongValue();
        if (bytes < 1 || bytes > LARGEST) {
            throw new IllegalArgumentException(
                    "lastcall.agent.max-input: " + bytes + " bytes (expected: 1 to " + LARGEST + " bytes, as in 64K)");
        }
        maxInput = (int) bytes;
    }

    /** The longest body that is read, in bytes. */
    public int maxBody() {
        return ESCAPED * maxInput + ENVELOPE;
    }

    /** Reads a request's whole body. Fails with a {@link BadInput} where it is longer than {@link #maxBody()}. */
    Uni<Buffer> body(HttpServerRequest request) {
        return Uni.createFrom()
                .completionStage(JsonBody.read(request, maxBody()).toCompletionStage())
                .onFailure(BodyTooLarge.class)
                .transform(longer -> bodyTooLarge());
    }

    /** Makes the failure of a body that is longer than {@link #maxBody()}. */
    private BadInput bodyTooLarge() {
        return BadInput.tooLarge("body: longer than " + maxBody() + " bytes (expected: an input of at most " + maxInput
                + " bytes, lastcall.agent.max-input); shorten the input");
    }

    /**
     * The input of {@code {"input": "text"}}; other members are ignored.
     *
     * @throws BadInput where it is not that, or the input is blank, longer than {@code lastcall.agent.max-input} or no Unicode text
     */
    public String read(Buffer json) {
        if (json.length() > maxBody()) {
            throw bodyTooLarge();
        }
        String input = text(member(parse(json)));
        if (input.isBlank()) {
            throw BadInput.malformed("input: blank" + EXPECTED + "send at least one word");
        }
        int bytes = encodedLength(input);
        if (bytes > maxInput) {
            throw BadInput.tooLarge("input: " + bytes + " bytes of UTF-8 (expected: at most " + maxInput
                    + ", lastcall.agent.max-input); shorten the input");
        }
        return input;
    }

    private static Object parse(Buffer json) {
        try {
            Object value = JsonBody.decode(json);
            if (value != null) {
                return value;
            }
        } catch (MalformedJson malformed) {
            throw BadInput.malformed(
                    switch (malformed.fault()) {
                        case NOT_UTF8 -> "body: not UTF-8" + EXPECTED + "encode it as UTF-8";
                        case NOT_JSON -> "body: not JSON" + EXPECTED + "mend the JSON";
                    });
        }
        throw BadInput.malformed("body: null" + EXPECTED + "send an object");
    }

    private static @Nullable Object member(Object body) {
        if (!(body instanceof JsonObject object)) {
            throw BadInput.malformed("body: " + kind(body) + EXPECTED + "send an object");
        }
        if (!object.containsKey("input")) {
            throw BadInput.malformed("input: missing" + EXPECTED + "add it");
        }
        return object.getValue("input");
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw BadInput.malformed("input: " + kind(value) + EXPECTED + "send the input as a string");
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
        return value instanceof String ? "a string" : value instanceof Number ? "a number" : "a boolean";
    }

    private static int encodedLength(String input) {
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(input))
                    .remaining();
        } catch (CharacterCodingException e) {
            throw BadInput.malformed(
                    "input: half of a surrogate pair (expected: Unicode text); send the whole character or none of it");
        }
    }
}
