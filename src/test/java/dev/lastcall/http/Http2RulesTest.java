package dev.lastcall.http;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.proxy.ServedSidecar;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The messages that a client of HTTP/2 must not send (RFC 9113 and RFC 7541), sent to both seats: each is answered as prescribed, and nobody else
 * hears of it.
 */
class Http2RulesTest {
    private static final int PRIORITY = 2;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int PADDED = 8;
    private static final int WITH_PRIORITY = 0x20;
    private static final int PRIORITY_FIELDS = 5;
    private static final int WHOLE = Http2Frames.END_HEADERS | Http2Frames.END_STREAM;
    private static final int NEXT = 101;
    private static final int INTERNAL_ERROR = 2;
    private static final Map<Integer, String> STATUSES =
            Map.of(8, "200", 9, "204", 10, "206", 11, "304", 12, "400", 13, "404", 14, "500");

    private static Vertx vertx;
    private static GatedServer service;
    private static ServedSidecar sidecar;

    /**
     * @param allowed {@code C} an error of the connection, {@code S} one of the stream or of the connection, each with these codes; {@code M}
     *     what a malformed request gets: 400, or PROTOCOL_ERROR; {@code -} nothing
     */
    private record Case(String name, String allowed, List<byte[]> frames) {
        Case(String name, String allowed, byte[]... frames) {
            this(name, allowed, List.of(frames));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        service = new GatedServer(context -> answer(context.request()));
        int application = await(vertx.createHttpServer()
                        .requestHandler(Http2RulesTest::answer)
                        .listen(0, "127.0.0.1"))
                .actualPort();
        sidecar = new ServedSidecar(application);
    }

    private static void answer(HttpServerRequest request) {
        if (!request.path().equals("/held")) {
            request.body().onSuccess(body -> request.response().end("read " + body.length()));
        }
    }

    @AfterAll
    static void stop() {
        sidecar.close();
        service.close();
        await(vertx.close());
    }

    static Stream<Case> cases() throws Exception {
        return Stream.of(frames(), streams(), settings(), windows(), heads(), blocks())
                .flatMap(List::stream);
    }

    private static List<Case> frames() throws Exception {
        return List.of(
                new Case("unknown frame", "-", frame(0x16, 0, 0, "00")),
                new Case("undefined flags of PING", "-", frame(PING, 0x16, 0, "0000000000000000")),
                new Case("reserved bit of a stream", "-", reserved(get(1))),
                new Case("DATA of 2^14", "-", post(1, "/"), data(1, 1, new byte[1 << 14])),
                new Case("DATA of 2^14 + 1", "S:6", post(1, "/held"), data(1, 0, new byte[(1 << 14) + 1])),
                new Case("HEADERS of 2^14 + 1", "C:6", frame(1, WHOLE, 1, "00".repeat((1 << 14) + 1))),
                new Case("DATA on stream 0", "C:1", data(0, 0, new byte[1])),
                new Case("DATA with too long a padding", "C:1", post(1, "/held"), frame(0, PADDED, 1, "0501")),
                new Case("HEADERS on stream 0", "C:1", http2(0, WHOLE, request("GET", "/"))),
                new Case("HEADERS with too long a padding", "C:1", frame(1, WHOLE | PADDED, 1, "f082")),
                new Case("PRIORITY on stream 0", "C:1", frame(PRIORITY, 0, 0, "0000000310")),
                new Case("PRIORITY of 4", "S:6", frame(PRIORITY, 0, 1, "00000000")),
                new Case("RST_STREAM on stream 0", "C:1", frame(3, 0, 0, "00000008")),
                new Case("RST_STREAM of 3", "C:6", post(1, "/held"), frame(3, 0, 1, "000008")),
                new Case("RST_STREAM with an unknown code", "-", post(1, "/held"), frame(3, 0, 1, "000000ff")),
                new Case("PUSH_PROMISE of a client", "C:1", post(1, "/held"), frame(PUSH_PROMISE, 4, 1, "0000000282")),
                new Case("PING on a stream", "C:1", frame(PING, 0, 1, "0000000000000000")),
                new Case("PING of 6", "C:6", frame(PING, 0, 0, "000000000000")),
                new Case("PING with ACK", "-", frame(PING, 1, 0, "0000000000000000")),
                new Case("GOAWAY on a stream", "C:1", frame(7, 0, 1, "0000000000000000")),
                new Case("GOAWAY of 4", "C:6", frame(7, 0, 0, "00000000")),
                new Case("unknown frame within a head", "C:1", open(1), frame(0x16, 0, 1, "00")),
                new Case("PRIORITY within a head", "C:1", open(1), frame(PRIORITY, 0, 1, "0000000010")),
                new Case("HEADERS of another stream within a head", "C:1", open(1), get(3)),
                new Case("CONTINUATION on stream 0", "C:1", open(1), frame(CONTINUATION, 4, 0, "82")),
                new Case("CONTINUATION of another stream", "C:1", open(1), frame(CONTINUATION, 4, 3, "82")),
                new Case("CONTINUATION behind END_HEADERS", "C:1,5", get(1), frame(CONTINUATION, 4, 1, "82")),
                new Case(
                        "CONTINUATION behind DATA",
                        "C:1,5",
                        post(1, "/held"),
                        data(1, 0, new byte[1]),
                        frame(CONTINUATION, 4, 1, "82")),
                new Case("head in three parts", "-", split(1)));
    }

    private static List<Case> streams() throws Exception {
        byte[] reset = frame(3, 0, 1, "00000008");
        byte[] self = frame(1, WHOLE | WITH_PRIORITY, 1, "0000000110828486");
        return List.of(
                new Case("DATA on an idle stream", "C:1", data(1, 1, new byte[1])),
                new Case("RST_STREAM on an idle stream", "C:1", reset),
                new Case("WINDOW_UPDATE on an idle stream", "C:1", frame(WINDOW_UPDATE, 0, 1, "00000001")),
                new Case("CONTINUATION on an idle stream", "C:1", frame(CONTINUATION, 4, 1, "82")),
                new Case("DATA behind END_STREAM", "S:5", held(1), data(1, 0, new byte[1])),
                new Case("HEADERS behind END_STREAM", "S:5,1", held(1), held(1)),
                new Case("HEADERS behind an answer", "S:5,1", get(1), frame(PING, 0, 0, "0000000000000000"), get(1)),
                new Case("DATA behind RST_STREAM", "S:5", post(1, "/held"), reset, data(1, 0, new byte[1])),
                new Case("HEADERS behind RST_STREAM", "S:5", post(1, "/held"), reset, get(1)),
                new Case("even stream", "C:1", get(2)),
                // That one is closed (5.1.1), and an error of its own.
                new Case("lower stream", "S:1,5", held(5), held(3)),
                new Case("stream that depends on itself", "S:1", self),
                new Case("PRIORITY that depends on itself", "S:1", frame(PRIORITY, 0, 1, "0000000110")));
    }

    private static List<Case> settings() throws Exception {
        return List.of(
                new Case("SETTINGS with ACK and a payload", "C:6", frame(4, 1, 0, "000300000001")),
                new Case("SETTINGS on a stream", "C:1", frame(4, 0, 1, "")),
                new Case("SETTINGS of 3", "C:6", frame(4, 0, 0, "000300")),
                new Case("ENABLE_PUSH of 2", "C:1", frame(4, 0, 0, "000200000002")),
                new Case("INITIAL_WINDOW_SIZE of 2^31", "C:3", frame(4, 0, 0, "000480000000")),
                new Case("MAX_FRAME_SIZE of 2^14 - 1", "C:1", frame(4, 0, 0, "000500003fff")),
                new Case("MAX_FRAME_SIZE of 2^24", "C:1", frame(4, 0, 0, "000501000000")),
                new Case("unknown setting", "-", frame(4, 0, 0, "00ff00000001")),
                new Case("one setting twice", "-", frame(4, 0, 0, "000400000001000400010000")));
    }

    private static List<Case> windows() throws Exception {
        String most = "7fffffff";
        return List.of(
                new Case("WINDOW_UPDATE of 0", "C:1", frame(WINDOW_UPDATE, 0, 0, "00000000")),
                new Case("WINDOW_UPDATE of 0 on a stream", "S:1", post(1, "/held"), frame(8, 0, 1, "00000000")),
                new Case("WINDOW_UPDATE of 3", "C:6", frame(WINDOW_UPDATE, 0, 0, "000001")),
                new Case("window above 2^31 - 1", "C:3", frame(8, 0, 0, most), frame(8, 0, 0, most)),
                new Case(
                        "window of a stream above 2^31 - 1",
                        "S:3",
                        post(1, "/held"),
                        frame(8, 0, 1, most),
                        frame(8, 0, 1, most)),
                new Case(
                        "window of a stream above 2^31 - 1 by SETTINGS",
                        "S:3",
                        post(1, "/held"),
                        frame(8, 0, 1, "7fff0000"),
                        frame(4, 0, 0, "00047fffffff")));
    }

    private static List<Case> heads() throws Exception {
        List<Case> cases = new ArrayList<>(List.of(
                malformed("upper case", request("GET", "/").add("X-Up", "1")),
                malformed("NUL in a value", request("GET", "/").add("x", "a\0b")),
                malformed("line end in a value", request("GET", "/").add("x", "a\r\nb: c")),
                malformed("LF at the end of a value", request("GET", "/").add("x", "a\n")),
                malformed("unknown pseudo-header", request("GET", "/").add(":x", "1")),
                malformed(":status", request("GET", "/").add(":status", "200")),
                malformed("Connection", request("GET", "/").add("connection", "keep-alive")),
                malformed("Keep-Alive", request("GET", "/").add("keep-alive", "1")),
                malformed("Transfer-Encoding", request("GET", "/").add("transfer-encoding", "chunked")),
                malformed("TE other than trailers", request("GET", "/").add("te", "gzip")),
                malformed("empty path", request("GET", "")),
                malformed("no method", without(":method")),
                malformed("blank in the method", request("G ET", "/")),
                malformed("empty method", request("", "/")),
                malformed("method that is no token", request("GET@", "/")),
                malformed("method that is not ASCII", request("G\u00c9T", "/")),
                malformed("no scheme", without(":scheme")),
                malformed("no path", without(":path")),
                malformed("two methods", request("GET", "/").add(":method", "GET")),
                malformed("two schemes", request("GET", "/").add(":scheme", "http")),
                malformed("two paths", request("GET", "/").add(":path", "/")),
                malformed("path in upper case", without(":path").add(":Path", "/")),
                malformed("path in both cases", request("GET", "/").add(":PATH", "/other")),
                new Case("path behind a field", "M", frame(1, WHOLE, 1, "8286010161" + "0001780131" + "84")),
                malformed("protocol without CONNECT", request("GET", "/").add(":protocol", "websocket")),
                malformed("protocol and no scheme", connect(":scheme")),
                malformed("protocol and no path", connect(":path")),
                new Case(
                        "length that is not the body's",
                        "M",
                        http2(1, 4, request("POST", "/").add("content-length", "1")),
                        data(1, 1, new byte[2])),
                new Case(
                        "length that is not the bodies' together",
                        "M",
                        http2(1, 4, request("POST", "/").add("content-length", "3")),
                        data(1, 0, new byte[1]),
                        data(1, 1, new byte[1])),
                new Case("trailers without an end", "S:1", post(1, "/"), http2(1, 4, fields("x-a", "1"))),
                new Case("pseudo-header in trailers", "M", post(1, "/"), http2(1, WHOLE, fields(":method", "1")))));
        return cases;
    }

    private static List<Case> blocks() throws Exception {
        return List.of(
                new Case("block that is none", "C:9", frame(1, WHOLE, 1, "00000000000000")),
                new Case("index beyond the table", "C:9", frame(1, WHOLE, 1, "828486ff00")),
                new Case("index 0", "C:9", frame(1, WHOLE, 1, "82848680")),
                new Case("table larger than allowed", "C:9", frame(1, WHOLE, 1, "3fffffff0f828486")),
                new Case("table's size behind a field", "C:9", frame(1, WHOLE, 1, "82848620")),
                new Case("Huffman padding of 8 bits", "C:9", frame(1, WHOLE, 1, "828486008583" + "f2b24aff" + "84ff")),
                new Case("EOS within Huffman", "C:9", frame(1, WHOLE, 1, "8284860085f2b24a874f" + "84fffffffd25")));
    }

    private static Case malformed(String name, Http2Headers head) throws Exception {
        return new Case(name, "M", http2(1, WHOLE, head));
    }

    private static Http2Headers request(String method, String path) {
        return new DefaultHttp2Headers(false)
                .method(method)
                .scheme("http")
                .path(path)
                .authority("a");
    }

    private static Http2Headers without(String name) {
        Http2Headers head = request("GET", "/");
        head.remove(name);
        return head;
    }

    private static Http2Headers connect(String without) {
        Http2Headers head = request("CONNECT", "/").add(":protocol", "websocket");
        head.remove(without);
        return head;
    }

    private static Http2Headers fields(String name, String value) {
        return new DefaultHttp2Headers(false).add(name, value);
    }

    private static byte[] get(int stream) throws Exception {
        return http2(stream, WHOLE, request("GET", "/"));
    }

    private static byte[] held(int stream) throws Exception {
        return http2(stream, WHOLE, request("GET", "/held"));
    }

    private static byte[] post(int stream, String path) throws Exception {
        return http2(stream, Http2Frames.END_HEADERS, request("POST", path));
    }

    private static byte[] open(int stream) throws Exception {
        return http2(stream, Http2Frames.END_STREAM, request("GET", "/"));
    }

    private static byte[] http2(int stream, int flags, Http2Headers head) throws Exception {
        return Http2Frames.headers(stream, flags, head);
    }

    private static byte[] data(int stream, int flags, byte[] bytes) throws IOException {
        return Http2Frames.frame(Http2Frames.DATA, flags, stream, bytes);
    }

    private static byte[] frame(int type, int flags, int stream, String payload) throws IOException {
        return Http2Frames.frame(type, flags, stream, HexFormat.of().parseHex(payload));
    }

    private static byte[] reserved(byte[] frame) {
        frame[5] |= (byte) 0x80;
        return frame;
    }

    private static byte[] split(int stream) throws Exception {
        byte[] whole = get(stream);
        int third = (whole.length - 9) / 3;
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        parts.write(Http2Frames.frame(1, 1, stream, Arrays.copyOfRange(whole, 9, 9 + third)));
        parts.write(Http2Frames.frame(CONTINUATION, 0, stream, Arrays.copyOfRange(whole, 9 + third, 9 + 2 * third)));
        parts.write(Http2Frames.frame(CONTINUATION, 4, stream, Arrays.copyOfRange(whole, 9 + 2 * third, whole.length)));
        return parts.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void serviceAnswersAsPrescribed(Case said) throws Exception {
        check(service.port(), said);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sidecarAnswersAsPrescribed(Case said) throws Exception {
        check(sidecar.port(), said);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void serviceAnswersAnErrorOfTheConnectionInTheSameRead(Case said) throws Exception {
        checkTheEnd(service.port(), said);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sidecarAnswersAnErrorOfTheConnectionInTheSameRead(Case said) throws Exception {
        checkTheEnd(sidecar.port(), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00010000ffff", "0001ffffffff", "000100000000", "000100001000"})
    void tableOfFieldsIsNotLargerThanItIsBeforeAnySettings(String setting) throws Exception {
        for (int port : List.of(service.port(), sidecar.port())) {
            for (boolean first : List.of(true, false)) {
                checkTable(port, setting, first);
            }
        }
    }

    private static void checkTable(int port, String setting, boolean first) throws Exception {
        byte[] settings = frame(Http2Frames.SETTINGS, 0, 0, setting);
        try (RawClient client = new RawClient(port)) {
            if (first) {
                client.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").sendBytes(settings);
            } else {
                Http2Frames.begin(client);
                client.sendBytes(get(1));
                Http2Frames.await(client, Http2Frames.HEADERS);
                client.sendBytes(settings);
            }
            client.sendBytes(get(3));
            Http2Frames.Frame head = Http2Frames.await(client, Http2Frames.HEADERS);
            List<Long> sizes = tableSizes(block(head));
            long allowed = Long.parseLong(setting.substring(4), 16);
            assertThat(sizes).allMatch(size -> size <= allowed);
            if (allowed != 4096) {
                assertThat(sizes.get(sizes.size() - 1)).isEqualTo(Math.min(allowed, 4096));
            }
        }
    }

    /** Checks the connection's end by the next frame, before a frame's effect on its stream has left the socket. */
    private static void checkTheEnd(int port, Case said) throws Exception {
        try (RawClient client = new RawClient(port)) {
            Http2Frames.begin(client);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] frame : said.frames()) {
                all.write(frame);
            }
            all.write(data(0, 0, new byte[1]));
            client.sendBytes(all.toByteArray());
            List<String> seen = new ArrayList<>();
            observe(client, seen);
            assertThat(seen).doesNotContain("S:" + INTERNAL_ERROR);
            assertThat(seen.get(seen.size() - 1))
                    .as("%s: %s", said.name(), seen)
                    .startsWith("C:")
                    .isNotEqualTo("C:" + INTERNAL_ERROR);
        }
    }

    private static void check(int port, Case said) throws Exception {
        try (RawClient other = new RawClient(port);
                RawClient client = new RawClient(port)) {
            Http2Frames.begin(other);
            Http2Frames.begin(client);
            List<String> seen = new ArrayList<>();
            try {
                for (byte[] frame : said.frames()) {
                    client.sendBytes(frame);
                }
                client.sendBytes(get(NEXT));
            } catch (SocketException closed) {
                // What was said before that is read.
            }
            observe(client, seen);
            assertThat(seen).doesNotContain("C:" + INTERNAL_ERROR, "S:" + INTERNAL_ERROR);
            assertThat(fits(said.allowed(), seen))
                    .as("%s: %s, allowed: %s", said.name(), seen, said.allowed())
                    .isTrue();
            other.sendBytes(get(1));
            assertThat(status(Http2Frames.await(other, Http2Frames.HEADERS))).isEqualTo("200");
        }
    }

    /** Until the request behind it is answered, or the connection ends. */
    private static void observe(RawClient client, List<String> seen) throws Exception {
        try {
            while (true) {
                Http2Frames.Frame frame = Http2Frames.next(client);
                switch (frame.type()) {
                    case Http2Frames.GOAWAY -> {
                        int code = frame.payload().getInt(4);
                        if (code != 0) {
                            seen.add("C:" + code);
                            return;
                        }
                    }
                    case Http2Frames.RST_STREAM ->
                        seen.add("S:" + frame.payload().getInt());
                    case Http2Frames.HEADERS -> {
                        if (frame.stream() == NEXT) {
                            seen.add("-");
                            return;
                        }
                        seen.add("status " + status(frame));
                    }
                    default -> {}
                }
            }
        } catch (EOFException | SocketException closed) {
            seen.add("closed");
        }
    }

    /** Returns the status by its place in HPACK's static table, behind a change of the dynamic one's size if there is one. */
    private static String status(Http2Frames.Frame head) {
        ByteBuffer block = block(head);
        tableSizes(block);
        int first = block.get() & 0xff;
        return STATUSES.getOrDefault(first & 0x7f, "none of the table: " + first);
    }

    private static ByteBuffer block(Http2Frames.Frame head) {
        ByteBuffer block = head.payload();
        if ((head.flags() & WITH_PRIORITY) != 0) {
            block.position(PRIORITY_FIELDS);
        }
        return block;
    }

    /** The changes of the dynamic table's size with which a block begins (RFC 7541, 6.3). */
    private static List<Long> tableSizes(ByteBuffer block) {
        List<Long> sizes = new ArrayList<>();
        while ((block.get(block.position()) & 0xe0) == 0x20) {
            long size = block.get() & 0x1f;
            int part = size == 0x1f ? 0x80 : 0;
            for (int shift = 0; part >= 0x80; shift += 7) {
                part = block.get() & 0xff;
                size += (long) (part & 0x7f) << shift;
            }
            sizes.add(size);
        }
        return sizes;
    }

    private static boolean fits(String allowed, List<String> seen) {
        String last = seen.get(seen.size() - 1);
        if (allowed.equals("-")) {
            return last.equals("-") && seen.stream().noneMatch(event -> event.startsWith("S:"));
        }
        if (allowed.equals("M")) {
            return seen.contains("S:1") || seen.contains("C:1") || seen.contains("status 400");
        }
        return Stream.of(allowed.substring(2).split(",", -1))
                .anyMatch(
                        code -> seen.contains("C:" + code) || (allowed.startsWith("S") && seen.contains("S:" + code)));
    }
}
