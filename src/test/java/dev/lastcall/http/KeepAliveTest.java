package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeepAliveTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void silentStreamGetsCommentsUntilItEnds() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    request.response().setChunked(true).write("data: 1\n\n");
                    KeepAlive keepAlive = new KeepAlive(vertx, request.response(), Duration.ofMillis(20), ": ka\n\n");
                    vertx.setTimer(500, fired -> {
                        keepAlive.close();
                        request.response().end("data: 2\n\n");
                    });
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();

        String all;
        try (BufferedReader answer = new BufferedReader(new InputStreamReader(
                URI.create("http://127.0.0.1:" + server.actualPort() + "/")
                        .toURL()
                        .openStream(),
                StandardCharsets.UTF_8))) {
            all = String.join("\n", answer.lines().toList());
        }

        assertThat(all).matches("data: 1\n\n(: ka\n\n)+data: 2\n?");
    }
}
