package dev.lastcall.openai;

import dev.lastcall.problem.BodyTooLarge;
import dev.lastcall.problem.JsonBody;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.zip.GZIPInputStream;

/** Reads a request's body, packed by gzip or not. The limit holds for what is unpacked: a few bytes can become gigabytes. */
final class RequestBody {
    private RequestBody() {}

    /** Fails where it is too long, no gzip, or packed in another way. */
    static CompletionStage<Buffer> read(Call call, int limit) {
        return read(call, limit, ApiError.tooLarge(limit));
    }

    /** The same with an error of its own for what is too long. */
    static CompletionStage<Buffer> read(Call call, int limit, ApiError tooLarge) {
        String given = call.header("content-encoding");
        String encoding = given == null ? "identity" : given.strip().toLowerCase(Locale.ROOT);
        Future<Buffer> body = JsonBody.read(call.exchange().request(), limit)
                .recover(failure -> Future.failedFuture(failure instanceof BodyTooLarge ? tooLarge : failure));
        return switch (encoding) {
            case "identity", "" -> body.toCompletionStage();
            case "gzip", "x-gzip" ->
                body.compose(packed ->
                                call.exchange().vertx().executeBlocking(() -> unpacked(packed, limit, tooLarge), false))
                        .toCompletionStage();
            default -> throw ApiError.unsupportedEncoding(encoding);
        };
    }

    static Buffer unpacked(Buffer packed, int limit, ApiError tooLarge) {
        try (InputStream bytes = new GZIPInputStream(new ByteArrayInputStream(packed.getBytes()))) {
            byte[] unpacked = bytes.readNBytes(limit + 1);
            if (unpacked.length > limit) {
                throw tooLarge;
            }
            return Buffer.buffer(unpacked);
        } catch (IOException e) {
            throw ApiError.malformed("The body is no gzip, which its Content-Encoding says (expected: gzip of JSON).");
        }
    }
}
