package dev.lastcall.agent;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;

/**
 * Reads one request's body and keeps no more of it than the limit. What is longer is refused at once and the rest of it read to nowhere:
 * a connection closed under a client that still writes breaks the client before it reads the refusal. On the request's event loop only.
 */
final class AgentBody {
    private final Buffer kept = Buffer.buffer();
    private final int limit;
    private final Supplier<? extends RuntimeException> tooLarge;
    private final UniEmitter<? super Buffer> reader;

    private AgentBody(int limit, Supplier<? extends RuntimeException> tooLarge, UniEmitter<? super Buffer> reader) {
        this.limit = limit;
        this.tooLarge = tooLarge;
        this.reader = reader;
    }

    /** @param limit in bytes */
    static Uni<Buffer> read(HttpServerRequest request, int limit, Supplier<? extends RuntimeException> tooLarge) {
        return Uni.createFrom().emitter(reader -> new AgentBody(limit, tooLarge, reader).listenTo(request));
    }

    private void listenTo(HttpServerRequest request) {
        if (request.isEnded()) {
            reader.complete(kept);
            return;
        }
        request.exceptionHandler(reader::fail);
        request.endHandler(end -> reader.complete(kept));
        request.handler(this::keep);
        String length = request.getHeader("content-length");
        if (length != null && Long.parseLong(length) > limit) {
            request.handler(rest -> {});
            reader.fail(tooLarge.get());
        }
        request.resume();
    }

    private void keep(Buffer part) {
        if (kept.length() + (long) part.length() > limit) {
            reader.fail(tooLarge.get());
        } else {
            kept.appendBuffer(part);
        }
    }
}
