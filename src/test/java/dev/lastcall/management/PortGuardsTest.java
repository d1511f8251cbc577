package dev.lastcall.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The callers that are let in before any path is looked at. */
class PortGuardsTest {
    private static String statusOf(Port port, String lines) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.number())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write((lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "localhost:9000, 200",
        "LOCALHOST., 200",
        "127.0.0.1:9000, 200",
        "10.1.2.3, 200",
        "[::1]:9000, 200",
        "[fe80::1], 200",
        "drain.example, 200",
        "drain.example:9000, 200",
        "evil.example, 403",
        "evil.example:9000, 403",
        "localhost.evil.example, 403",
        "127.0.0.1.evil.example, 403",
        "1.2.3.4.5, 403",
        "evil, 403"
    })
    void withoutATokenThePortIsCalledByAKnownNameOrAnAddress(String host, int status) throws Exception {
        try (Port port = new Port()) {
            assertThat(statusOf(port, "GET /drain HTTP/1.1\r\nHost: " + host + "\r\n"))
                    .isEqualTo("HTTP/1.1 " + status);
        }
    }

    @Test
    void unknownNameStartsNoDrain() throws Exception {
        try (Port port = new Port()) {
            assertThat(statusOf(port, "GET /drain/pre-stop HTTP/1.1\r\nHost: evil.example\r\n"))
                    .isEqualTo("HTTP/1.1 403");
            assertThat(port.drain.ready()).isTrue();
        }
    }

    @Test
    void callWithoutAHostIsNoBrowsers() throws Exception {
        try (Port port = new Port()) {
            assertThat(statusOf(port, "GET /drain HTTP/1.0\r\n")).isEqualTo("HTTP/1.0 200");
        }
    }

    @Test
    void withATokenNoNameIsAskedFor() throws Exception {
        try (Port port = new Port(Optional.of("s3cret"))) {
            String head = "GET /drain HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer ";
            assertThat(statusOf(port, head + "s3cret\r\n")).isEqualTo("HTTP/1.1 200");
            assertThat(statusOf(port, head + "other\r\n")).isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void noPageOfAnotherOriginMayRead() throws Exception {
        try (Port port = new Port()) {
            port.router.route("/extension").handler(exchange -> exchange.response()
                    .putHeader("Access-Control-Allow-Origin", "*")
                    .putHeader("Access-Control-Allow-Methods", "*")
                    .end("open"));
            HttpResponse<String> answer = port.send("GET", "/extension", "Origin", "http://evil.example");
            assertThat(answer.body()).isEqualTo("open");
            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
        }
    }

    @Test
    void tokensCannotAllBeTried() throws Exception {
        try (Port port = new Port(Optional.of("s3cret"))) {
            String head = "GET /drain HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ";
            for (int i = 0; i < WrongTokens.AT_ONCE; i++) {
                assertThat(statusOf(port, head + "wrong\r\n")).isEqualTo("HTTP/1.1 401");
            }
            String next = "";
            for (int i = 0; i < 100 && !next.endsWith("429"); i++) {
                next = statusOf(port, head + "wrong\r\n");
            }
            assertThat(next).isEqualTo("HTTP/1.1 429");
            assertThat(statusOf(port, "GET /drain HTTP/1.1\r\nHost: localhost\r\n"))
                    .isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void oneTokenASecondIsTriedAfterTheFirstTen() {
        AtomicLong now = new AtomicLong();
        WrongTokens tries = new WrongTokens(now::get);
        for (int i = 0; i < WrongTokens.AT_ONCE; i++) {
            assertThat(tries.mayTry("a")).isTrue();
            tries.wrong("a");
        }
        assertThat(tries.mayTry("a")).isFalse();
        assertThat(tries.mayTry("b")).isTrue();
        now.addAndGet(1_000_000_000L);
        assertThat(tries.mayTry("a")).isTrue();
        tries.wrong("a");
        assertThat(tries.mayTry("a")).isFalse();
        now.addAndGet(60_000_000_000L);
        assertThat(tries.mayTry("a")).isTrue();
    }

    @Test
    void addressesAreForgottenWhenThereAreTooMany() {
        WrongTokens tries = new WrongTokens(() -> 0);
        for (int i = 0; i < WrongTokens.AT_ONCE; i++) {
            tries.wrong("a");
        }
        for (int i = 0; i < 2000; i++) {
            tries.wrong("other-" + i);
        }
        assertThat(tries.mayTry("a")).isTrue();
    }
}
