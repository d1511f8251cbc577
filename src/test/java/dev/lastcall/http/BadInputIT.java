package dev.lastcall.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BadInputIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Map<String, Integer> badRequests() {
        Map<String, Integer> requests = new LinkedHashMap<>();
        requests.put(post("/agent/run", "{"), 400);
        requests.put(post("/agent/run", "{}"), 400);
        requests.put(post("/agent/stream", "{\"input\":7}"), 400);
        requests.put(post("/agent/stream", AgentRequest.body("x".repeat(70_000))), 413);
        requests.put(AgentRequest.head("/agent/run", 20 << 20), 413);
        requests.put(post("/agent/nothing", "{}"), 404);
        requests.put(get("/nothing"), 404);
        requests.put(get("/agent/run"), 405);
        requests.put(get("/agent/ws"), 404);
        requests.put(get("/%zz"), 400);
        requests.put("nonsense\r\n\r\n", 400);
        requests.put(get("/").replace("Host: ", "Content-Length: one\r\nHost: "), 400);
        requests.put(get("/" + "x".repeat(70_000)), 414);
        return requests;
    }

    private static String post(String path, String body) {
        return AgentRequest.head(path, body.length()) + body;
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** Returns requests that the server refuses before any route is asked, and the status of each. */
    private static Map<String, Integer> unreadable(String path) {
        Map<String, Integer> requests = new LinkedHashMap<>();
        String head = " HTTP/1.1\r\nHost: localhost\r\n";
        requests.put("GET " + path + "?" + "x".repeat(70_000) + head + "\r\n", 414);
        requests.put("GET " + path + head + "X: " + "y".repeat(70_000) + "\r\n\r\n", 431);
        requests.put("GET " + path + " HTTP/9.9\r\nHost: localhost\r\n\r\n", 505);
        requests.put("GET " + path + " HTTX/1.1\r\nHost: localhost\r\n\r\n", 400);
        requests.put("GET " + path + "\r\n\r\n", 400);
        requests.put("GET " + path + "%zz" + head + "\r\n", 400);
        requests.put("GET " + path + "?a=%z" + head + "\r\n", 400);
        requests.put("GET " + path + "/a|b" + head + "\r\n", 400);
        requests.put("GET " + path + " HTTP/1.1\r\n\r\n", 400);
        requests.put("GET " + path + head + "Host: two\r\n\r\n", 400);
        requests.put("GET " + path + " HTTP/1.1\r\nHost: a b:1\r\n\r\n", 400);
        requests.put("GET " + path + " HTTP/1.1\r\nHost: [::\r\n\r\n", 400);
        requests.put("GET " + path + " HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400);
        requests.put("GET " + path + head + "Bad Name: x\r\n\r\n", 400);
        requests.put("POST " + path + head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400);
        requests.put("POST " + path + head + "Transfer-Encoding: gzip\r\n\r\n", 400);
        requests.put("POST " + path + head + "Content-Length: 209715200\r\n\r\n", 413);
        return requests;
    }

    /** Returns requests that are no opening of a WebSocket (RFC 6455, 4.2.1), and the status of each. */
    private static Map<String, Integer> openings() {
        String key = "Sec-WebSocket-Key: ";
        String whole = key + "dGhlIHNhbXBsZSBub25jZQ==";
        Map<String, Integer> requests = new LinkedHashMap<>();
        for (String other : List.of(
                "", key, key + "YWJj", key + "!!!!", key + "dGhlIHNhbXBsZSBub25jZTE=", whole + "\r\n" + whole)) {
            requests.put(opening(whole, other), 400);
        }
        for (String version : List.of("0", "7", "8", "12", "14", "x", "13, 8", "13\r\nSec-WebSocket-Version: 8")) {
            requests.put(opening("Version: 13", "Version: " + version), 426);
        }
        requests.put(opening("Sec-WebSocket-Version: 13\r\n", ""), 426);
        requests.put(opening("GET", "POST"), 400);
        requests.put(opening("/1.1", "/1.0"), 400);
        requests.put(opening("Connection: Upgrade\r\n", ""), 400);
        requests.put(opening("Connection: Upgrade", "Connection: keep-alive"), 400);
        requests.put(opening("Upgrade: websocket", "Upgrade: websockets"), 400);
        requests.put(opening("\r\n\r\n", "\r\nContent-Length: 3\r\n\r\nabc"), 400);
        requests.put(opening("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
        for (String extensions :
                List.of(";;;", ";", "a;;b", "a b", "a;b=", "a;=b", "a;b=\"c d\"", "a;b=\"c", "a,;", "\u00e9")) {
            requests.put(opening("\r\n\r\n", "\r\nSec-WebSocket-Extensions: " + extensions + "\r\n\r\n"), 400);
        }
        return requests;
    }

    private static String opening(String part, String other) {
        return RawClient.AGENT_SOCKET.replace(part, other);
    }

    private static void assertProblem(int port, String request, int status, String type) throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.sendBytes(request.getBytes(UTF_8));
            String shown = request.substring(0, Math.min(100, request.length()));
            assertThat(client.readAnswer())
                    .as("%s on %d", shown, port)
                    .matches("(?s)HTTP/1\\.[01] " + status + " .*")
                    .containsIgnoringCase("content-type: " + type)
                    .containsPattern("(?i)content-length: [1-9]")
                    .containsPattern("\"(detail|message)\":\"[a-zA-Z -]+: ");
        }
    }

    /** Returns malformed input that a client sends on its connection, on whichever port. */
    private static List<String> broken() {
        String http2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        String settings = "\0\0\0\4\0\0\0\0\0";
        String post = "\0\0\6\1\4\0\0\0\1\u0083\u0086\u0084A\1a";
        String malformed = "\0\0\1\1\5\0\0\0\3\u0082";
        String form = "POST /drain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Type: ";
        return List.of(
                http2 + "\0\0\0Exxxxxxxxxx",
                http2 + settings + post + "\0\0\4\3\0\0\0\0\1\0\0\0\2",
                http2 + settings + malformed + "\0\0\1\0\0\0\0\0\0x",
                http2 + settings + post.substring(0, 12),
                form + "multipart/form-data; boundary=\"\r\n\r\n{}",
                form + "multipart/form-data\r\n\r\n{}",
                form + "multipart/form-data; boundary=a; charset=b\r\n\r\n--",
                form + "application/x-www-form-urlencoded; charset=b\r\n\r\n%z",
                "POST /agent/run HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "POST /agent/run HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                RawClient.AGENT_SOCKET + "\u00ff\u00ff",
                "\u0016\3\1\2\0\1\0\1\u00fc\3\3");
    }

    /** Any client could fill the log by it, and hide what is wrong in truth. */
    @Test
    void whatClientsBreakIsNoErrorInTheLogAndNoFailure() throws IOException {
        try (Pod pod = Pod.start(ShortDrain.of())) {
            for (int port : List.of(pod.httpPort(), pod.managementPort())) {
                for (String words : broken()) {
                    try (RawClient client = new RawClient(port)) {
                        client.write(words).halfClose();
                        assertThat(new String(client.readToEnd(), ISO_8859_1))
                                .as("%s on %d", words, port)
                                .doesNotContain("HTTP/1.1 5");
                    }
                }
            }
            new Operator(pod).awaitInFlight(0);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(pod.lines()).noneMatch(line -> line.contains(" ERROR ") || line.startsWith("\tat "));
        }
    }

    @Test
    void badInputIsTheClientsFaultAndLeavesNoCount() throws IOException {
        try (Pod pod = Pod.start(ShortDrain.of())) {
            for (Map.Entry<String, Integer> bad : badRequests().entrySet()) {
                try (RawClient client = new RawClient(pod.httpPort())) {
                    client.sendBytes(bad.getKey().getBytes(UTF_8));
                    assertThat(client.readTo("\r\n\r\n"))
                            .as(bad.getKey())
                            .matches("(?s)HTTP/1\\.[01] " + bad.getValue() + " .*");
                }
            }
            for (Map.Entry<String, Integer> bad : openings().entrySet()) {
                assertProblem(pod.httpPort(), bad.getKey(), bad.getValue(), "application/problem+json");
            }
            try (RawClient client = new RawClient(pod.httpPort())) {
                assertThat(client.write(opening("Version: 13", "Version: 8")).readTo("\r\n\r\n"))
                        .containsIgnoringCase("\r\nsec-websocket-version: 13\r\n")
                        .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                        .containsIgnoringCase("\r\nconnection: upgrade\r\n");
            }
            for (Map.Entry<String, Integer> bad : unreadable("/agent/run").entrySet()) {
                assertProblem(pod.httpPort(), bad.getKey(), bad.getValue(), "application/problem+json");
            }
            for (Map.Entry<String, Integer> bad : unreadable("/v1/responses").entrySet()) {
                assertProblem(pod.httpPort(), bad.getKey(), bad.getValue(), "application/json");
            }
            for (Map.Entry<String, Integer> bad : unreadable("/drain").entrySet()) {
                assertProblem(pod.managementPort(), bad.getKey(), bad.getValue(), "application/problem+json");
            }
            Operator operator = new Operator(pod);
            operator.awaitInFlight(0);
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(operator.report().get("cut").asInt()).isZero();
        }
    }
}
