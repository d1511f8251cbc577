package dev.lastcall.proxy;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.fuzz.Talk;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;

/** The sidecar under strange connections: it forgets them, and whatever it sends to the application another HTTP server can read. */
final class SidecarUnderFuzz implements AutoCloseable {
    private static final byte[] PLAIN =
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Vertx vertx = Vertx.vertx();
    private final ServedSidecar sidecar;

    SidecarUnderFuzz() {
        HttpServer application = vertx.createHttpServer()
                .requestHandler(this::serve)
                .invalidRequestHandler(request -> {
                    wrong.add(request.method() + " " + request.uri() + " "
                            + request.decoderResult().cause());
                    request.connection().close();
                });
        sidecar = new ServedSidecar(await(application.listen(0, "127.0.0.1")).actualPort());
    }

    private void serve(HttpServerRequest request) {
        if (request.headers().getAll("host").size() != 1
                || (request.headers().contains("content-length")
                        && request.headers().contains("transfer-encoding"))) {
            wrong.add(request.method() + " " + request.uri() + " " + request.headers());
        }
        request.endHandler(end -> request.response().end("ok"));
    }

    byte[] talk(byte[] words) {
        byte[] answer = Talk.with(sidecar.port(), words);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .until(() -> sidecar.inFlight.count() == 0);
        assertThat(wrong).as("at the application").isEmpty();
        return answer;
    }

    void assertServes() {
        // The half-close of the client ends an exchange whose answer has not begun: no status is promised.
        assertThat(talk(PLAIN)).hasSizeLessThan(1000);
        assertThat(wrong).isEmpty();
    }

    @Override
    public void close() {
        sidecar.close();
        await(vertx.close());
    }
}
