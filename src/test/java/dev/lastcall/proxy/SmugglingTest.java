package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose end two programs could see in different places: none may reach the application, nor anything sent behind it. */
class SmugglingTest {
    private static final String BEHIND = "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n";

    private final AtomicInteger reached = new AtomicInteger();
    private final Upstream upstream = new Upstream(client -> {
        while (true) {
            client.readTo("\r\n\r\n");
            reached.incrementAndGet();
            client.send("HTTP/1.1 200 OK", "Content-Length: 0", "");
        }
    });
    private final ServedSidecar sidecar = new ServedSidecar(upstream.port());

    @AfterEach
    void close() {
        sidecar.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1|Host: a|Content-Length: 3|Content-Length: 5||abcde",
                "POST / HTTP/1.1|Host: a|Content-Length: 3|Content-Length: 3||abc",
                "POST / HTTP/1.1|Host: a|Content-Length: 3, 5||abcde",
                "POST / HTTP/1.1|Host: a|Content-Length: +3||abc",
                "POST / HTTP/1.1|Host: a|Content-Length: 0x3||abc",
                "POST / HTTP/1.1|Host: a|Content-Length: -1||",
                "POST / HTTP/1.1|Host: a|Content-Length: 3 3||abc",
                "POST / HTTP/1.1|Host: a|Content-Length: 99999999999999999999||abc",
                "POST / HTTP/1.1|Host: a|Content-Length : 3||abc",
                "POST / HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked||0||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 5||0||",
                "POST / HTTP/1.1|Host: a|Content-Length: 3|Transfer-Encoding: xchunked||abc",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: xchunked||0||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: identity||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||0||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked, chunked||0||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: identity||0||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: \u000bchunked||0||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding : chunked||0||",
                "POST / HTTP/1.0|Host: a|Transfer-Encoding: chunked||0||",
                "GET / HTTP/1.1|Host: a|Host: b||",
                "GET / HTTP/1.1||",
                "GET / HTTP/1.1|Host: a b||",
                "GET / HTTP/1.1|Host: a/b||",
                "GET /a\u0001b HTTP/1.1|Host: a||",
                "GET /a b HTTP/1.1|Host: a||",
                "GET ftp://a/ HTTP/1.1|Host: a||",
                "GET a HTTP/1.1|Host: a||",
                "CONNECT a:80 HTTP/1.1|Host: a:80||",
                "G(T / HTTP/1.1|Host: a||",
                "GET / HTTP/1.1|Host: a|Na(me: x||",
                "GET / HTTP/1.1|Host: a|NoColon||",
                "GET / HTTP/1.1|Host: a|X: a\u0000b||",
                "GET / HTTP/2.1|Host: a||",
                "GET / HTTP/1.1\nHost: a||",
                "GET / HTTP/1.1|Host: a\nX: y||",
                "GET / HTTP/1.1|Host: a\n\n",
                "GET / HTTP/1.1|Host: a|X: y\rZ: z||",
                "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked\n\n0||",
            })
    void isRefusedWithAllThatComesBehindIt(String request) throws Exception {
        try (RawClient client = sidecar.client()) {
            client.sendBytes((request.replace("|", "\r\n") + "\r\n" + BEHIND).getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(answer).containsPattern("^HTTP/\\d\\.\\d (400|501) ").doesNotContain("200 OK");
        }
        assertThat(reached).hasValue(0);
        assertThat(sidecar.inFlight.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"zz\r\nabc", "3\nabc", "3;x=1\nabc", "0\n", "0\r\nX: y\n", "-3\r\nabc", "3;x=\u0000\r\nabc", "3\r\nabcde\r\n0\r\n\r\n", "fffffffffffffffff\r\n"
            })
    void badChunkIsRefusedAndTheApplicationsRequestNeverEnds(String chunk) throws Exception {
        AtomicInteger ended = new AtomicInteger();
        try (Upstream waiting = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.readTo("0\r\n\r\n");
                    ended.incrementAndGet();
                });
                ServedSidecar other = new ServedSidecar(waiting.port());
                RawClient client = other.client()) {
            client.sendBytes(("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n" + chunk
                            + "\r\n" + BEHIND)
                    .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("200 OK");
            assertThat(ended).hasValue(0);
        }
    }
}
