package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of every kind, also those that the two ends must refuse: that is for them to say, and not a byte of theirs changes on its way. */
class TunnelBytesTest {
    private static final int CLOSE = 0x88;

    /** All opcodes, reserved bits, fragments, controls between them, lengths in all three forms, bytes that are no UTF-8. */
    private static byte[] frames(boolean masked) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int opcode = 0; opcode < 16; opcode++) {
            for (int bits : new int[] {0, 0x40, 0x20, 0x10, 0x80, 0xf0}) {
                if (opcode != (CLOSE & 0x0f)) {
                    frame(all, bits | opcode, opcode * 3, masked);
                }
            }
        }
        for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, 100_000}) {
            frame(all, 1, length, masked);
            frame(all, 0x89, Math.min(length, 125), masked);
            frame(all, 0, 0, masked);
            frame(all, 0x8a, 0, masked);
            frame(all, 0x80, 7, masked);
        }
        frame(all, CLOSE, 2, masked);
        return all.toByteArray();
    }

    private static void frame(ByteArrayOutputStream to, int first, int length, boolean masked) {
        to.write(first);
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            to.write(mask | length);
        } else if (length < 65_536) {
            to.writeBytes(new byte[] {(byte) (mask | 126), (byte) (length >> 8), (byte) length});
        } else {
            to.writeBytes(new byte[] {(byte) (mask | 127), 0, 0, 0, 0, 0, (byte) (length >> 16), (byte) (length >> 8)});
            to.write(length);
        }
        if (masked) {
            to.writeBytes(new byte[] {1, 2, 3, 4});
        }
        for (int i = 0; i < length; i++) {
            to.write(0xff - i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096, 1 << 20})
    void bytesArriveAsTheyWereSent(int piece) throws Exception {
        byte[] up = frames(true);
        byte[] down = frames(false);
        CompletableFuture<byte[]> arrived = new CompletableFuture<>();
        try (Upstream application = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket", "");
                    arrived.complete(client.read(up.length));
                    send(client, down, piece);
                    client.readToEnd();
                });
                ServedSidecar sidecar = new ServedSidecar(application.port());
                RawClient client = sidecar.client()) {
            client.send("GET / HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: websocket", "");
            client.readTo("\r\n\r\n");
            send(client, up, piece);
            assertThat(arrived.get(60, TimeUnit.SECONDS)).isEqualTo(up);
            assertThat(client.read(down.length)).isEqualTo(down);
        }
    }

    /** The first kilobytes in such pieces: all of it in single bytes would take minutes. */
    private static void send(RawClient to, byte[] bytes, int piece) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(at < 5000 ? piece : 1 << 20, bytes.length - at);
            to.sendBytes(java.util.Arrays.copyOfRange(bytes, at, at + length));
            at += length;
        }
    }
}
