package dev.lastcall.problem;

import static dev.lastcall.testing.Futures.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
    private static final int LIMIT = 10;
    private static final Vertx VERTX = Vertx.vertx();
    private static HttpServer server;

    @BeforeAll
    static void start() {
        server = await(
                VERTX.createHttpServer().requestHandler(JsonBodyTest::answer).listen(0, "localhost"));
    }

    @AfterAll
    static void stop() {
        await(VERTX.close());
    }

    /** The length of the body, or the limit that it broke. */
    private static void answer(HttpServerRequest request) {
        request.pause();
        JsonBody.read(request, LIMIT)
                .onSuccess(body -> request.response().end("read " + body.length() + "."))
                .onFailure(failure -> request.response()
                        .end(failure instanceof BodyTooLarge longer ? "limit " + longer.limit() + "." : "failed."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 0\r\n\r\n",
                "Content-Length: 10\r\n\r\n0123456789",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"
            })
    void bodyWithinTheLimitIsRead(String rest) throws IOException {
        assertThat(post(rest)).contains(rest.contains("9") ? "read 10." : "read 0.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 11\r\n\r\n0123456789a",
                "Content-Length: 1000000\r\n\r\n",
                "Content-Length: 9223372036854775807\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n6\r\n56789a\r\n"
            })
    void longerOneIsRefusedBeforeItsEnd(String rest) throws IOException {
        assertThat(post(rest)).contains("limit 10.");
    }

    @Test
    void restOfARefusedBodyIsDiscardedAndTheNextRequestAnswered() throws IOException {
        assertThat(post("Content-Length: 1000\r\n\r\n" + "x".repeat(1000)
                        + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1"))
                .contains("limit 10.")
                .contains("read 1.");
    }

    private static String post(String rest) throws IOException {
        try (Socket client = new Socket("localhost", server.actualPort())) {
            client.setSoTimeout(60_000);
            OutputStream out = client.getOutputStream();
            out.write(("POST / HTTP/1.1\r\nHost: a\r\n" + rest).getBytes(UTF_8));
            StringBuilder answer = new StringBuilder();
            int ends = rest.contains("POST") ? 2 : 1;
            while (answer.chars().filter(c -> c == '.').count() < 2L * ends) {
                int next = client.getInputStream().read();
                if (next < 0) {
                    break;
                }
                answer.append((char) next);
            }
            return answer.toString();
        }
    }

    @Test
    void valueIsDecodedStrictly() {
        assertThat(JsonBody.decode(Buffer.buffer("{\"a\":[1]}")))
                .isEqualTo(new JsonObject().put("a", new JsonArray().add(1)));
        assertThat(JsonBody.decode(Buffer.buffer("null"))).isNull();
        assertThatThrownBy(() -> JsonBody.decode(Buffer.buffer("{a")))
                .isInstanceOfSatisfying(MalformedJson.class, malformed -> assertThat(malformed.fault())
                        .isEqualTo(MalformedJson.Fault.NOT_JSON));
        assertThatThrownBy(() -> JsonBody.decode(Buffer.buffer(new byte[] {'"', (byte) 0xC3, '"'})))
                .isInstanceOfSatisfying(MalformedJson.class, malformed -> assertThat(malformed.fault())
                        .isEqualTo(MalformedJson.Fault.NOT_UTF8));
    }
}
