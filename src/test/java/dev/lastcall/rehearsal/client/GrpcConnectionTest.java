package dev.lastcall.rehearsal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls of gRPC over a real HTTP/2 connection, and what becomes of those that are not answered whole. */
class GrpcConnectionTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final LocalServer server = new LocalServer(GrpcConnectionTest::answer);

    @AfterEach
    void close() {
        server.close();
    }

    private static void answer(HttpServerRequest request) {
        var response = request.response();
        request.bodyHandler(body -> {
            response.putHeader("content-type", "application/grpc");
            switch (request.path()) {
                case "/a.B/Echo" -> response.putTrailer("grpc-status", "0").end(body.appendBuffer(body));
                case "/a.B/Large" -> response.putTrailer("grpc-status", "0").end(message(200_000));
                case "/a.B/Away" -> response.putHeader("grpc-status", "14").end();
                case "/a.B/Missing" -> response.putHeader("grpc-status", "12").end();
                case "/a.B/Cut" -> {
                    response.write(message(10));
                    request.connection().close();
                }
                case "/a.B/Refused" -> response.reset(7);
                case "/a.B/Plain" -> response.setStatusCode(503).end();
                default -> {
                    response.putTrailer("grpc-status", "0").end(message(1));
                    request.connection().goAway(0);
                }
            }
        });
    }

    private static Buffer message(int length) {
        return Buffer.buffer().appendByte((byte) 0).appendInt(length).appendBytes(new byte[length]);
    }

    @Test
    void callsOnOneConnectionAreAnswered() throws Exception {
        try (GrpcConnection connection = GrpcConnection.open(server.port())) {
            for (int i = 0; i < 3; i++) {
                GrpcAnswer answer = call(connection, "/a.B/Echo", "AQI=");
                assertThat(answer).isEqualTo(new GrpcAnswer(0, List.of("0102", "0102")));
                assertThat(connection.isUsable()).isTrue();
            }
            assertThat(call(connection, "/a.B/Large", "").messages().get(0)).hasSize(400_000);
            assertThat(call(connection, "/a.B/Missing", "").status()).isEqualTo(12);
        }
    }

    @Test
    void connectionThatIsToldToGoIsNotUsedAgain() throws Exception {
        try (GrpcConnection connection = GrpcConnection.open(server.port())) {
            assertThat(call(connection, "/a.B/Goes", "").messages()).containsExactly("00");
            org.awaitility.Awaitility.await().atMost(LIMIT).until(() -> !connection.isUsable());
        }
    }

    @Test
    void whatIsNotWholeIsNamed() throws Exception {
        assertThat(loss("/a.B/Cut").kind()).isEqualTo(LossKind.CUT_BODY);
        assertThat(loss("/a.B/Plain").kind()).isEqualTo(LossKind.SERVER_ERROR);
        try (GrpcConnection connection = GrpcConnection.open(server.port())) {
            assertThatThrownBy(() -> call(connection, "/a.B/Refused", "")).isInstanceOf(NotTaken.class);
        }
        try (GrpcConnection connection = GrpcConnection.open(server.port())) {
            GrpcAnswer away = call(connection, "/a.B/Away", "");
            assertThat(catchThrowableOfType(ClientLoss.class, () -> away.requireServed(0))
                            .kind())
                    .isEqualTo(LossKind.SERVER_ERROR);
        }
    }

    private ClientLoss loss(String path) throws ClientLoss {
        try (GrpcConnection connection = GrpcConnection.open(server.port())) {
            return catchThrowableOfType(ClientLoss.class, () -> call(connection, path, ""));
        }
    }

    private static GrpcAnswer call(GrpcConnection connection, String path, String message) throws Exception {
        return connection.call(new LoadRequest("POST", path, message), LIMIT);
    }
}
