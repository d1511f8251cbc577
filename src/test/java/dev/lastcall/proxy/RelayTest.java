package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.Totals;
import dev.lastcall.http.RawClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests and answers through the sidecar, seen from both ends. */
class RelayTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private String takeSeen() throws InterruptedException {
        String taken = seen.poll(60, TimeUnit.SECONDS);
        assertThat(taken).isNotNull();
        return taken;
    }

    /** Notes each request's head, and answers it. */
    private Upstream noting(String answer) {
        return new Upstream(client -> {
            while (true) {
                seen.add(client.readTo("\r\n\r\n"));
                client.sendBytes(answer.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        });
    }

    @Test
    void answerPassesAndTheApplicationsConnectionIsUsedAgain() throws Exception {
        try (Upstream upstream = noting(HELLO);
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            assertThat(client.get("/a?b=c").readAnswer())
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("\r\n\r\nhello");
            assertThat(client.get("/d").readAnswer()).endsWith("hello");
            assertThat(takeSeen()).startsWith("GET /a?b=c HTTP/1.1\r\n");
            assertThat(takeSeen()).startsWith("GET /d HTTP/1.1\r\n");
            assertThat(upstream.connections).hasValue(1);
            await().untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(2, 0, 0, 0, 0, 0)));
        }
    }

    /** Also where a client names them in its Connection, which would end its trace here. */
    @Test
    void traceHeadersPassUnchanged() throws Exception {
        try (Upstream upstream = noting(HELLO);
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send(
                            "GET / HTTP/1.1",
                            "Host: a",
                            "Connection: keep-alive, traceparent, baggage",
                            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                            "tracestate: rojo=1, congo=2",
                            "tracestate: third=3",
                            "baggage: user=alice;p=1",
                            "")
                    .readAnswer();
            String head = takeSeen();
            assertThat(head)
                    .containsOnlyOnce("traceparent")
                    .contains("\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n")
                    .contains("\r\ntracestate: rojo=1, congo=2\r\n", "\r\ntracestate: third=3\r\n")
                    .contains("\r\nbaggage: user=alice;p=1\r\n");
        }
    }

    @Test
    void applicationLearnsWhoAskedAndHow() throws Exception {
        try (Upstream upstream = noting(HELLO);
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("GET / HTTP/1.1", "Host: shop.example:8443", "").readAnswer();
            assertThat(takeSeen())
                    .containsIgnoringCase("\r\nhost: shop.example:8443\r\n")
                    .containsIgnoringCase("\r\nx-forwarded-for: 127.0.0.1\r\n")
                    .containsIgnoringCase("\r\nx-forwarded-host: shop.example:8443\r\n")
                    .containsIgnoringCase("\r\nx-forwarded-proto: http\r\n")
                    .containsIgnoringCase("\r\nforwarded: for=127.0.0.1;host=\"shop.example:8443\";proto=http\r\n");
        }
    }

    @Test
    void chainOfProxiesIsContinued() throws Exception {
        try (Upstream upstream = noting(HELLO);
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send(
                            "GET / HTTP/1.1",
                            "Host: a",
                            "X-Forwarded-For: 203.0.113.9",
                            "X-Forwarded-Proto: https",
                            "Forwarded: for=203.0.113.9;proto=https",
                            "")
                    .readAnswer();
            assertThat(takeSeen())
                    .containsIgnoringCase("\r\nx-forwarded-for: 203.0.113.9, 127.0.0.1\r\n")
                    .containsOnlyOnce("X-Forwarded-Proto: https\r\n")
                    .doesNotContainIgnoringCase("x-forwarded-proto: http\r\n")
                    .containsIgnoringCase(
                            "\r\nforwarded: for=203.0.113.9;proto=https, for=127.0.0.1;host=a;proto=http\r\n");
        }
    }

    @Test
    void fieldsOfOneConnectionEndAtIt() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\n"
                + "Keep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\nX-Yours: 2\r\n\r\nok";
        try (Upstream upstream = noting(answer);
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            String received = client.send(
                            "GET / HTTP/1.1",
                            "Host: a",
                            "Connection: X-Secret, Host, X-Forwarded-For",
                            "X-Secret: 1",
                            "TE: trailers",
                            "Upgrade: h9",
                            "Proxy-Connection: keep-alive",
                            "X-Kept: 1",
                            "")
                    .readAnswer();
            assertThat(received)
                    .contains("X-Yours: 2")
                    .doesNotContainIgnoringCase("x-mine")
                    .doesNotContainIgnoringCase("keep-alive")
                    .doesNotContainIgnoringCase("proxy-authenticate");
            assertThat(takeSeen())
                    .containsIgnoringCase("x-kept: 1")
                    .containsIgnoringCase("host: a\r\n")
                    .containsIgnoringCase("x-forwarded-for: 127.0.0.1")
                    .doesNotContainIgnoringCase("x-secret")
                    .doesNotContainIgnoringCase("\r\nte:")
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContainIgnoringCase("connection:");
        }
    }

    @Test
    void absoluteTargetBecomesAPathAndItsHostCounts() throws Exception {
        try (Upstream upstream = noting(HELLO);
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("GET http://real.example/x?y HTTP/1.1", "Host: other.example", "")
                    .readAnswer();
            assertThat(takeSeen())
                    .startsWith("GET /x?y HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\nhost: real.example\r\n")
                    .doesNotContain("other.example");
        }
    }

    /** RFC 9112, 5.2 leaves the choice; either way the application must not see a second field. */
    @Test
    void foldedFieldArrivesUnfolded() throws Exception {
        try (Upstream upstream = noting(HELLO);
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("GET / HTTP/1.1", "Host: a", "X: y", " Transfer-Encoding: chunked", "")
                    .readAnswer();
            assertThat(takeSeen()).contains("\r\nX: y Transfer-Encoding: chunked\r\n");
        }
    }

    @Test
    void chunksAndTrailersPass() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n";
        try (Upstream upstream = noting(head.concat("3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n"));
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readTo("\r\n\r\n")).containsIgnoringCase("transfer-encoding: chunked");
            assertThat(client.readTo("\r\n0\r\n")).contains("abc").contains("de");
            assertThat(client.readTo("\r\n\r\n")).containsIgnoringCase("x-sum: 5");
            assertThat(client.get("/").readTo("X-Sum: 5")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void answersWithoutABodyHaveNone() throws Exception {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        for (String answer : new String[] {
            head,
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 9\r\n\r\n"
        }) {
            try (Upstream upstream = noting(answer);
                    ServedSidecar sidecar = new ServedSidecar(upstream.port());
                    RawClient client = sidecar.client()) {
                String method = answer.equals(head) ? "HEAD" : "GET";
                for (int i = 0; i < 2; i++) {
                    String read =
                            client.send(method + " / HTTP/1.1", "Host: a", "").readTo("\r\n\r\n");
                    assertThat(read)
                            .startsWith(answer.substring(0, 12))
                            .doesNotContainIgnoringCase("transfer-encoding");
                }
                await().untilAsserted(() ->
                        assertThat(sidecar.inFlight.totals().served()).isEqualTo(2));
            }
        }
    }

    @Test
    void answerThatEndsWithItsConnectionEndsForBothVersions() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.0 200 OK", "", "to the end");
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port())) {
            try (RawClient client = sidecar.client()) {
                assertThat(client.get("/").readTo("0\r\n\r\n"))
                        .containsIgnoringCase("transfer-encoding: chunked")
                        .contains("to the end");
            }
            try (RawClient client = sidecar.client()) {
                client.send("GET / HTTP/1.0", "Connection: keep-alive", "");
                assertThat(new String(client.readToEnd(), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .containsIgnoringCase("connection: close")
                        .doesNotContainIgnoringCase("transfer-encoding")
                        .endsWith("\r\n\r\nto the end\r\n");
            }
        }
    }

    @Test
    void bodiesPassInTheFramingTheyCameIn() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    String head = client.readTo("\r\n\r\n");
                    seen.add(head + client.readTo("end"));
                    client.send("HTTP/1.1 200 OK", "Content-Length: 0", "Connection: close", "");
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nto end")
                    .readAnswer();
            assertThat(takeSeen())
                    .containsIgnoringCase("content-length: 6")
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .endsWith("\r\n\r\nto end");
            client.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nend\r\n0\r\n\r\n")
                    .readAnswer();
            assertThat(takeSeen())
                    .containsIgnoringCase("transfer-encoding: chunked")
                    .doesNotContainIgnoringCase("content-length")
                    .endsWith("3\r\nend");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    while (true) {
                        String path = client.readTo("\r\n\r\n").split(" ", 3)[1];
                        client.send("HTTP/1.1 200 OK", "Content-Length: 2", "", path)
                                .readTo("");
                    }
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readAnswer()).endsWith("/1");
            assertThat(client.readAnswer()).endsWith("/2");
        }
    }

    @Test
    void applicationInvitesTheBody() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    seen.add(client.readTo("\r\n\r\n"));
                    client.send("HTTP/1.1 100 Continue", "");
                    seen.add(client.readTo("body"));
                    client.send("HTTP/1.1 200 OK", "Content-Length: 0", "");
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("POST / HTTP/1.1", "Host: a", "Content-Length: 4", "Expect: 100-continue", "");
            assertThat(takeSeen()).containsIgnoringCase("expect: 100-continue");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");
            assertThat(client.write("body").readAnswer()).startsWith("HTTP/1.1 200 OK");
            assertThat(takeSeen()).isEqualTo("body");
        }
    }

    @Test
    void applicationDeclinesTheBody() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 401 Unauthorized", "Content-Length: 0", "");
                    client.readToEnd();
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("POST / HTTP/1.1", "Host: a", "Content-Length: 4", "Expect: 100-continue", "");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 401").containsIgnoringCase("connection: close");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void applicationThatKnowsNoExpectationGetsTheBody() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    seen.add(client.readTo("body"));
                    client.send("HTTP/1.1 200 OK", "Content-Length: 0", "");
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("POST / HTTP/1.1", "Host: a", "Content-Length: 4", "Expect: 100-continue", "");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");
            assertThat(client.write("body").readAnswer()).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void answerGivenBeforeTheBodysEndIsRead() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 413 Too Much", "Content-Length: 0", "");
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("POST / HTTP/1.1", "Host: a", "Content-Length: 20000000", "");
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 413 Too Much");
            client.sendBytes(new byte[20_000_000]);
            assertThat(client.readToEnd()).isEmpty();
            await().untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0)));
        }
    }

    @Test
    void tokensPassOneByOne() throws Exception {
        BlockingQueue<String> next = new LinkedBlockingQueue<>();
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Transfer-Encoding: chunked", "");
                    while (true) {
                        client.send("9", next.take());
                    }
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readTo("\r\n\r\n")).contains("text/event-stream");
            for (int i = 0; i < 3; i++) {
                next.add("data: " + i + "\n\n");
                assertThat(client.readTo("\n\n")).endsWith("data: " + i + "\n\n");
            }
            assertThat(sidecar.inFlight.countByClass()).containsEntry(dev.lastcall.drain.EntryClass.STREAM, 1L);
        }
    }

    @Test
    void applicationsRequestEndsWithItsClient() throws Exception {
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    seen.add("asked");
                    client.readToEnd();
                    seen.add("cancelled");
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port())) {
            try (RawClient client = sidecar.client()) {
                client.get("/");
                assertThat(takeSeen()).isEqualTo("asked");
            }
            assertThat(takeSeen()).isEqualTo("cancelled");
            await().untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
        }
    }
}
