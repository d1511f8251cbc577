package dev.lastcall.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.RawClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules for what a WebSocket's client may say, and must not (RFC 6455): as bytes, for no client library would say it. */
@QuarkusTest
@TestProfile(Wire.class)
class SocketRulesTest {
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final String INPUT = "{\"input\":\"count to 1 \u00e9\"}";

    @TestHTTPResource("/agent/ws")
    URI address = URI.create("");

    /** @param seen first what comes of it: a message, a pong's payload in hexadecimal digits, or the code of a close */
    private record Case(String name, String seen, List<byte[]> frames) {
        Case(String name, String seen, byte[]... frames) {
            this(name, seen, List.of(frames));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>(messages());
        cases.addAll(controls());
        IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
                .forEach(opcode -> cases.add(new Case("opcode " + opcode, "1002", frame(0x80 | opcode, ""))));
        IntStream.of(0x40, 0x20, 0x10, 0x70)
                .forEach(bits -> cases.add(new Case("reserved bits " + bits, "1002", frame(0x80 | bits | TEXT, "7b"))));
        IntStream.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999)
                .forEach(code -> cases.add(new Case("close " + code, Integer.toString(code), close(code, ""))));
        IntStream.of(0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999)
                .forEach(code -> cases.add(new Case("close " + code, "1002", close(code, ""))));
        return cases.stream();
    }

    private static List<Case> messages() {
        byte[] text = INPUT.getBytes(StandardCharsets.UTF_8);
        String hex = HexFormat.of().formatHex(text);
        int cut = 2 * (text.length - 3);
        String one = hex.substring(0, 8);
        String two = hex.substring(8, cut);
        String three = hex.substring(cut);
        return List.of(
                new Case("text", "token", frame(0x81, hex)),
                new Case(
                        "text in three fragments, cut within a character",
                        "token",
                        frame(1, one),
                        frame(0, two),
                        frame(0x80, three)),
                new Case("empty fragments", "token", frame(1, ""), frame(0, hex), frame(0, ""), frame(0x80, "")),
                new Case("empty fragments before all", "token", frame(1, ""), frame(0, ""), frame(0x80, hex)),
                new Case("one byte a fragment", "token", bytewise(text)),
                new Case("ping between fragments", "aa", frame(1, one), frame(0x89, "aa"), frame(0x80, two + three)),
                new Case("pong between fragments", "token", frame(1, one), frame(0x8a, "aa"), frame(0x80, two + three)),
                new Case("continuation of nothing", "1002", frame(0x80, hex)),
                new Case("text within a text", "1002", frame(1, one), frame(0x81, hex)),
                new Case("not UTF-8", "1007", frame(0x81, "cebae1bdb9cf83cebcceb5eda080656469746564")),
                new Case("not UTF-8 in a fragment", "1007", frame(1, one), frame(0x80, "ff")),
                new Case("text that ends within a character", "1007", frame(0x81, "cebae1bd")),
                new Case("no mask", "1002", HexFormat.of().parseHex("81017b")),
                new Case(
                        "length with its top bit set",
                        "1002",
                        HexFormat.of().parseHex("82ffffffffffffffffff00000000")));
    }

    private static byte[] bytewise(byte[] text) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < text.length; i++) {
            int first = (i == text.length - 1 ? 0x80 : 0) | (i == 0 ? TEXT : 0);
            frames.writeBytes(frame(first, HexFormat.of().toHexDigits(text[i])));
        }
        return frames.toByteArray();
    }

    private static List<Case> controls() {
        return List.of(
                new Case("ping", "", frame(0x89, "")),
                new Case("ping of 125", "fe".repeat(125), frame(0x89, "fe".repeat(125))),
                new Case("ping of 126", "1002", frame(0x89, "fe".repeat(126))),
                new Case("ping in fragments", "1002", frame(9, "fe")),
                new Case("pong that nobody asked for", "01", frame(0x8a, "02"), frame(0x89, "01")),
                new Case("close without a code", "1000", frame(0x88, "")),
                new Case("close of one byte", "1002", frame(0x88, "03")),
                new Case("close with a reason of 123", "1000", close(1000, "72".repeat(123))),
                new Case("close with a reason of 124", "1002", close(1000, "72".repeat(124))),
                new Case("close with a reason that is not UTF-8", "1007", close(1000, "cebae1bdb9eda080")),
                new Case("close in fragments", "1002", frame(8, "03e8")),
                new Case("frames behind a close", "1000", close(1000, ""), frame(0x89, "01")));
    }

    private static byte[] close(int code, String reason) {
        return frame(0x88, String.format("%04x", code) + reason);
    }

    /** With a mask of zeros. */
    private static byte[] frame(int first, String payload) {
        byte[] bytes = HexFormat.of().parseHex(payload);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (bytes.length < 126) {
            frame.write(0x80 | bytes.length);
        } else {
            frame.writeBytes(new byte[] {(byte) 0xfe, (byte) (bytes.length >> 8), (byte) bytes.length});
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(bytes);
        return frame.toByteArray();
    }

    /** Openings that RFC 6455, 4.2.1 lets a client write; those that it does not are answered on the packaged jar (BadInputIT). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: keep-alive, Upgrade",
                "Upgrade: WebSocket",
                "Upgrade: h2c, websocket",
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-of-ours; a=\"b\"; c = d,, y",
                "Sec-WebSocket-Protocol: chat, other",
                "Content-Length: 0"
            })
    void openingIsTaken(String field) throws Exception {
        String name = field.substring(0, field.indexOf(':'));
        try (RawClient client = new RawClient(address.getPort())) {
            client.write(RawClient.AGENT_SOCKET
                    .replaceFirst("\r\n" + name + ": [^\r]*", "")
                    .replaceFirst("\r\n\r\n", "\r\n" + field + "\r\n\r\n"));
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 101");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void clientIsAnsweredAsPrescribed(Case said) throws Exception {
        try (RawClient client = new RawClient(address.getPort())) {
            client.write(RawClient.AGENT_SOCKET);
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 101");
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] frame : said.frames()) {
                all.writeBytes(frame);
            }
            client.sendBytes(all.toByteArray());
            assertThat(first(client)).contains(said.seen());
        }
    }

    private static String first(RawClient client) throws Exception {
        byte[] head = client.read(2);
        int opcode = head[0] & 0x0f;
        int length = head[1] & 0x7f;
        if (length == 126) {
            byte[] longer = client.read(2);
            length = (longer[0] & 0xff) << 8 | (longer[1] & 0xff);
        }
        byte[] payload = client.read(length);
        return switch (opcode) {
            case TEXT -> new String(payload, StandardCharsets.UTF_8);
            case PONG -> HexFormat.of().formatHex(payload);
            case CLOSE -> length == 0 ? "none" : Integer.toString((payload[0] & 0xff) << 8 | (payload[1] & 0xff));
            default -> "opcode " + opcode + (opcode == PING ? " ping" : "");
        };
    }
}
