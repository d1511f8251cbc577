package dev.lastcall.openai;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads one request's body and keeps no more of it than the limit. What is longer is refused at once and the rest of it read to nowhere:
 * a connection closed under a client that still writes breaks the client before it reads the refusal. On the request's event loop only.
 */
final class OpenAiBody {
    private final Buffer kept = Buffer.buffer();
    private final int limit;
    private final CompletableFuture<Buffer> read = new CompletableFuture<>();

    private OpenAiBody(int limit) {
        this.limit = limit;
    }

    /** @param limit in bytes */
    static CompletionStage<Buffer> read(HttpServerRequest request, int limit) {
        OpenAiBody body = new OpenAiBody(limit);
        if (request.isEnded()) {
            return CompletableFuture.completedFuture(body.kept);
        }
        request.exceptionHandler(body.read::completeExceptionally);
        request.endHandler(end -> body.read.complete(body.kept));
        request.handler(body::keep);
        request.resume();
        return body.read;
    }

    private void keep(Buffer part) {
        if (read.isDone()) {
            return;
        }
        if (kept.length() + (long) part.length() > limit) {
            read.completeExceptionally(ApiError.tooLarge(limit));
        } else {
            kept.appendBuffer(part);
        }
    }

    static JsonObject json(Buffer body) {
        try {
            // Decoded here and strictly, because the parser guesses the encoding from the first bytes.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.getBytes()))
                    .toString();
            if (Json.decodeValue(text) instanceof JsonObject object) {
                return object;
            }
        } catch (CharacterCodingException e) {
            throw ApiError.malformed("The body is not UTF-8 (expected: a JSON object in UTF-8).");
        } catch (DecodeException e) {
            throw ApiError.malformed("The body is not JSON (expected: a JSON object). Mend the JSON.");
        }
        throw ApiError.malformed("The body is no JSON object (expected: one, as in {\"input\": \"text\"}).");
    }
}
