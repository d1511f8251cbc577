package dev.lastcall.rehearsal.client;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A frame of HTTP/2 (RFC 9113, 4.1). */
final class Http2Frame {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;
    private static final int HEAD = 9;
    /** No peer may send more than was asked for, which is the least. */
    private static final int LARGEST = 16_384;

    private final int type;
    private final int flags;
    private final int stream;
    private final byte[] payload;

    private Http2Frame(int type, int flags, int stream, byte[] payload) {
        this.type = type;
        this.flags = flags;
        this.stream = stream;
        this.payload = payload;
    }

    static Http2Frame read(LoadSocket socket) throws ClientLoss {
        ByteBuffer head = ByteBuffer.wrap(bytes(socket, HEAD));
        int length = ((head.get() & 0xff) << 16) | (head.getShort() & 0xffff);
        if (length > LARGEST) {
            throw new ClientLoss(LossKind.GARBLED, "an HTTP/2 frame of " + length + " bytes");
        }
        int type = head.get();
        int flags = head.get();
        return new Http2Frame(type, flags, head.getInt() & Integer.MAX_VALUE, bytes(socket, length));
    }

    private static byte[] bytes(LoadSocket socket, int count) throws ClientLoss {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) socket.read();
        }
        return bytes;
    }

    static byte[] of(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(HEAD + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    int type() {
        return type;
    }

    /** 0 is the connection. */
    int stream() {
        return stream;
    }

    byte[] payload() {
        return payload;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The number of 32 bits at this place; 0 where there is none. */
    int number(int at) {
        return payload.length < at + 4 ? 0 : ByteBuffer.wrap(payload).getInt(at);
    }

    /** The payload of DATA, HEADERS or CONTINUATION without padding and priority. */
    byte[] content() throws ClientLoss {
        boolean padded = type != CONTINUATION && has(PADDED);
        int from = (padded ? 1 : 0) + (type == HEADERS && has(PRIORITY) ? 5 : 0);
        int to = payload.length - (padded && payload.length > 0 ? payload[0] & 0xff : 0);
        if (from > to) {
            throw new ClientLoss(LossKind.GARBLED, "an HTTP/2 frame that is all padding");
        }
        return Arrays.copyOfRange(payload, from, to);
    }
}
