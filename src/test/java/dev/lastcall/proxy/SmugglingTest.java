package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose end two programs could see in different places: none may reach the application, nor anything sent behind it. */
class SmugglingTest {
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
    @MethodSource("dev.lastcall.proxy.Ambiguous#requests")
    void isRefusedWithAllThatComesBehindIt(String request) throws Exception {
        try (RawClient client = sidecar.client()) {
            client.write(request + Ambiguous.BEHIND);
            String answer = new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(answer)
                    .containsPattern("^HTTP/\\d\\.\\d " + Ambiguous.refusals(request) + " ")
                    .doesNotContain("200 OK");
        }
        assertThat(reached).hasValue(0);
        assertThat(sidecar.inFlight.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nabc",
                "3\nabc",
                "3;x=1\nabc",
                "0\n",
                "0\r\nX: y\n",
                "-3\r\nabc",
                "3;x=\u0000\r\nabc",
                "3\rx\r\nabc",
                "3 x\r\nabc",
                "3;x\r=1\r\nabc",
                "0\r5\r\n",
                "0 \rf\r\n",
                "3\r\r\nabc",
                "3\r\nabcde\r\n0\r\n\r\n",
                "fffffffffffffffff\r\n"
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
                            + "\r\n" + Ambiguous.BEHIND)
                    .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(client.readToEnd(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("200 OK");
            assertThat(ended).hasValue(0);
        }
    }
}
