package dev.lastcall.proxy;

import static dev.lastcall.http.Http2Frames.END_HEADERS;
import static dev.lastcall.http.Http2Frames.END_STREAM;
import static dev.lastcall.http.Http2Frames.frame;
import static dev.lastcall.http.Http2Frames.headers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.Totals;
import dev.lastcall.http.Http2Frames;
import dev.lastcall.http.RawClient;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trailers of requests. The trailers of answers: RelayTest and Http2Test. */
class TrailersTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    private final Upstream upstream = new Upstream(client -> {
        while (true) {
            String head = client.readTo("\r\n\r\n");
            boolean chunked = head.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked");
            bodies.add(chunked ? client.readTo("0\r\n") + readTrailers(client) : "(no chunks)");
            client.send("HTTP/1.1 200 OK", "Content-Length: 0", "");
        }
    });
    private final ServedSidecar sidecar = new ServedSidecar(upstream.port());

    private static String readTrailers(RawClient client) throws IOException {
        StringBuilder all = new StringBuilder();
        String line;
        do {
            line = client.readTo("\r\n");
            all.append(line);
        } while (!line.equals("\r\n"));
        return all.toString();
    }

    @AfterEach
    void close() {
        sidecar.close();
        upstream.close();
    }

    private String takeBody() throws InterruptedException {
        String body = bodies.poll(60, TimeUnit.SECONDS);
        assertThat(body).isNotNull();
        return body;
    }

    @Test
    void thoseOfHttp1Pass() throws Exception {
        try (RawClient client = sidecar.client()) {
            client.write(HEAD + "3\r\nabc\r\n0\r\nX-Sum: 5\r\nX-More: 6\r\n\r\n");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
            assertThat(takeBody()).startsWith("3\r\nabc\r\n0\r\n").contains("X-Sum: 5\r\n", "X-More: 6\r\n");
            client.write(HEAD).write("0\r\n").write("X-Sum: 0\r\n\r\n");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
            assertThat(takeBody()).isEqualTo("0\r\nX-Sum: 0\r\n\r\n");
        }
        await().untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(2, 0, 0, 0, 0, 0)));
        assertThat(upstream.connections).hasValue(1);
    }

    /** All four are here before the first is answered. */
    @Test
    void thoseOfPipelinedRequestsStayWithTheirs() throws Exception {
        try (RawClient client = sidecar.client()) {
            client.write(HEAD + "1\r\na\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n" + HEAD
                    + "1\r\nb\r\n0\r\nX-Of: b\r\n\r\n" + HEAD + "1\r\nc\r\n0\r\nX-Of: c\r\n\r\n");
            for (int i = 0; i < 4; i++) {
                assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
            }
            assertThat(takeBody()).isEqualTo("1\r\na\r\n0\r\n\r\n");
            assertThat(takeBody()).isEqualTo("(no chunks)");
            assertThat(takeBody()).isEqualTo("1\r\nb\r\n0\r\nX-Of: b\r\n\r\n");
            assertThat(takeBody()).isEqualTo("1\r\nc\r\n0\r\nX-Of: c\r\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3",
                "Transfer-Encoding: identity",
                "Host: b",
                "Connection: close",
                "Authorization: Basic x",
                "X-Forwarded-For: 10.0.0.1",
                "Forwarded: for=10.0.0.1",
                "Content-Type: text/html"
            })
    void whatBelongsBeforeTheBodyDoesNotPassBehindIt(String trailer) throws Exception {
        try (RawClient client = sidecar.client()) {
            client.write(HEAD + "1\r\na\r\n0\r\n" + trailer + "\r\nX-Kept: 1\r\n\r\n");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
            assertThat(takeBody()).isEqualTo("1\r\na\r\n0\r\nX-Kept: 1\r\n\r\n");
        }
    }

    @Test
    void thoseOfHttp2Pass() throws Exception {
        try (RawClient client = sidecar.client()) {
            Http2Frames.begin(client);
            client.sendBytes(request(1));
            client.sendBytes(frame(0, 0, 1, "abc".getBytes(StandardCharsets.ISO_8859_1)));
            client.sendBytes(headers(1, END_HEADERS | END_STREAM, new DefaultHttp2Headers().add("x-sum", "5")));
            assertThat(takeBody()).isEqualTo("3\r\nabc\r\n0\r\nx-sum: 5\r\n\r\n");
            client.sendBytes(request(3));
            client.sendBytes(headers(3, END_HEADERS | END_STREAM, new DefaultHttp2Headers().add("x-sum", "0")));
            assertThat(takeBody()).isEqualTo("0\r\nx-sum: 0\r\n\r\n");
            await().untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(2, 0, 0, 0, 0, 0)));
        }
    }

    private static byte[] request(int stream) throws Exception {
        return headers(
                stream,
                END_HEADERS,
                new DefaultHttp2Headers()
                        .method("POST")
                        .path("/")
                        .scheme("http")
                        .authority("a"));
    }
}
