package dev.lastcall.http;

import dev.lastcall.testing.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The sidecar, before an application that sends 20 MB as its client takes them. */
class SidecarAbuse extends EdgeAbuse {
    private static final int LARGE = 20 << 20;
    private static final Buffer BLOCK = Buffer.buffer(new byte[16 << 10]);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Futures.await(vertx.close());
    }

    @Override
    SmallPod start() throws Exception {
        int port = Futures.await(vertx.createHttpServer()
                        .requestHandler(SidecarAbuse::answer)
                        .listen(0, "127.0.0.1"))
                .actualPort();
        return new SmallPod(
                Map.of("lastcall.proxy.upstream", "http://127.0.0.1:" + port, "lastcall.proxy.listen", "127.0.0.1:0"),
                small());
    }

    private static void answer(HttpServerRequest request) {
        if (request.path().equals("/large")) {
            request.response().exceptionHandler(gone -> {});
            request.response().putHeader("content-length", Integer.toString(LARGE));
            pour(request, LARGE);
        } else {
            request.response().end("hello");
        }
    }

    private static void pour(HttpServerRequest request, int left) {
        if (left == 0) {
            request.response().end();
        } else {
            request.response().write(BLOCK).onSuccess(taken -> pour(request, left - BLOCK.length()));
        }
    }

    @Override
    String small() {
        return "/small";
    }

    @Override
    String large() {
        return "/large";
    }

    @Override
    byte[] question() {
        return new byte[0];
    }
}
