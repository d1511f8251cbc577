package dev.lastcall.problem;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request's body and keeps no more of it than the limit. A longer one is refused at once and the rest of it discarded: a
 * connection closed under a client that still writes breaks the client before it reads the refusal. On the request's event loop only.
 */
public final class JsonBody {
    private final int limit;
    private final Promise<Buffer> read = Promise.promise();
    private Buffer kept = Buffer.buffer();

    private JsonBody(int limit) {
        this.limit = limit;
    }

    /**
     * Reads the whole body.
     *
     * @param limit in bytes
     * @return the body; fails with {@link BodyTooLarge}, or as the request does where its client is gone
     */
    public static Future<Buffer> read(HttpServerRequest request, int limit) {
        JsonBody body = new JsonBody(limit);
        body.listenTo(request);
        return body.read.future();
    }

    private void listenTo(HttpServerRequest request) {
        if (request.isEnded()) {
            read.complete(kept);
            return;
        }
        request.exceptionHandler(read::tryFail);
        request.endHandler(end -> read.tryComplete(kept));
        request.handler(this::keep);
        if (exceeds(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
            refuse();
        }
        request.resume();
    }

    /** Whether the declared length is too long already; the server has refused whatever is no number of digits. */
    private boolean exceeds(@Nullable String length) {
        try {
            return length != null && Long.parseLong(length) > limit;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private void keep(Buffer part) {
        if (read.future().isComplete()) {
            return;
        }
        if (kept.length() + (long) part.length() > limit) {
            refuse();
        } else {
            kept.appendBuffer(part);
        }
    }

    private void refuse() {
        kept = Buffer.buffer();
        read.tryFail(new BodyTooLarge(limit));
    }

    /**
     * The JSON value of a body: {@code JsonObject}, {@code JsonArray}, {@code String}, {@code Number}, {@code Boolean} or null.
     *
     * @throws MalformedJson where it is not UTF-8, or not JSON
     */
    public static @Nullable Object decode(Buffer body) {
        try {
            // Decoded here and strictly, because the parser guesses the encoding from the first bytes.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.getBytes()))
                    .toString();
            return Json.decodeValue(text);
        } catch (CharacterCodingException e) {
            throw new MalformedJson(MalformedJson.Fault.NOT_UTF8);
        } catch (DecodeException e) {
            throw new MalformedJson(MalformedJson.Fault.NOT_JSON);
        }
    }
}
