package dev.lastcall.rehearsal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests by HTTP/2 over a real connection, and what becomes of those that are not answered whole. */
class Http2LoadConnectionTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final LocalServer server = new LocalServer(Http2LoadConnectionTest::answer);

    @AfterEach
    void close() {
        server.close();
    }

    private static void answer(HttpServerRequest request) {
        var response = request.response();
        request.bodyHandler(body -> {
            switch (request.path()) {
                case "/echo" -> {
                    response.writeContinue();
                    response.putHeader("content-type", "text/event-stream");
                    response.putTrailer("a", "b").end(request.method() + " " + body + " " + request.version());
                }
                case "/large" -> response.end(Buffer.buffer(new byte[200_000]));
                case "/empty" -> response.setStatusCode(204).end();
                case "/away" ->
                    response.setStatusCode(503).putHeader("retry-after", "1").end();
                case "/failed" -> response.setStatusCode(502).end();
                case "/missing" -> response.setStatusCode(404).end();
                case "/cut" -> {
                    response.setChunked(true).write("half");
                    request.connection().close();
                }
                case "/reset" -> response.reset(2);
                case "/refused" -> response.reset(7);
                case "/silent" -> request.connection().close();
                default -> {
                    response.end();
                    request.connection().goAway(0);
                }
            }
        });
    }

    @Test
    void requestsOnOneConnectionAreAnsweredWhole() throws Exception {
        try (HttpConnection connection = HttpConnection.open(server.port(), true)) {
            assertThat(body(connection, new LoadRequest("POST", "/echo", "hello")))
                    .isEqualTo("text/event-stream POST hello HTTP_2");
            assertThat(connection.isUsable()).isTrue();
            assertThat(body(connection, new LoadRequest("GET", "/large", ""))).hasSize(1 + 200_000);
            assertThat(body(connection, new LoadRequest("GET", "/empty", ""))).isBlank();
            assertThat(body(connection, new LoadRequest("DELETE", "/echo", ""))).endsWith("DELETE  HTTP_2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/away, TURNED_AWAY",
        "/failed, SERVER_ERROR",
        "/missing, OTHER_STATUS",
        "/cut, CUT_BODY",
        "/reset, RESET",
        "/silent, RESET"
    })
    void lossIsNamed(String path, LossKind kind) throws Exception {
        try (HttpConnection connection = HttpConnection.open(server.port(), true)) {
            LoadRequest request = new LoadRequest("GET", path, "");
            ClientLoss loss = catchThrowableOfType(
                    ClientLoss.class,
                    () -> connection.exchange(request, true, LIMIT, next -> {}).requireServed(200));
            assertThat(loss.kind()).isEqualTo(kind);
        }
    }

    @Test
    void whatTheServerHasNotLookedAtIsSentElsewhere() throws Exception {
        try (HttpConnection connection = HttpConnection.open(server.port(), true)) {
            assertThatThrownBy(() -> body(connection, new LoadRequest("POST", "/refused", "once")))
                    .isInstanceOf(NotTaken.class);
        }
        try (HttpConnection connection = HttpConnection.open(server.port(), true)) {
            body(connection, new LoadRequest("GET", "/goes", ""));
            Awaitility.await().atMost(LIMIT).until(() -> !connection.isUsable());
        }
    }

    private static String body(HttpConnection connection, LoadRequest request) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HttpConnection.BodySink sink = new HttpConnection.BodySink() {
            @Override
            public void begin(String mediaType) {
                bytes.writeBytes((mediaType + " ").getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void accept(int next) {
                bytes.write(next);
            }
        };
        connection.exchange(request, true, LIMIT, sink);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
