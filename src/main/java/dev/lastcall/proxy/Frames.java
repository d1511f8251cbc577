package dev.lastcall.proxy;

import io.vertx.core.buffer.Buffer;

/**
 * Where WebSocket frames begin and end in one direction (RFC 6455, 5.2), so that a frame of ours can be put between two. Payloads are
 * skipped, not read: extensions and masks are no concern of ours.
 */
final class Frames {
    private static final int CLOSE = 8;
    private static final int SHORT = 126;
    private static final int LONG = 127;

    private final byte[] header = new byte[14];
    private int have;
    private int need = 2;
    private long payload;
    private boolean closing;
    private boolean closed;

    /** Between two frames. */
    boolean isBetween() {
        return have == 0 && payload == 0;
    }

    /** Whether a whole Close frame has passed. */
    boolean isClosed() {
        return closed;
    }

    /** Reads all of it. */
    void pass(Buffer bytes) {
        int at = 0;
        while (at < bytes.length()) {
            at = passFrame(bytes, at);
        }
    }

    /** Reads from an index to the end of the frame there, or of the bytes; returns the index behind what was read. */
    int passFrame(Buffer bytes, int from) {
        int at = from;
        while (at < bytes.length() && payload == 0) {
            header[have++] = bytes.getByte(at++);
            if (have == need && have == 2) {
                need = 2 + lengthBytes() + (header[1] < 0 ? 4 : 0);
            }
            if (have == need) {
                payload = payloadLength();
                closing = (header[0] & 0x0f) == CLOSE;
                have = 0;
                need = 2;
                if (payload == 0) {
                    closed |= closing;
                    return at;
                }
            }
        }
        long skipped = Math.min(payload, bytes.length() - at);
        payload -= skipped;
        if (payload == 0 && skipped > 0) {
            closed |= closing;
        }
        return at + (int) skipped;
    }

    private int lengthBytes() {
        int length = header[1] & 0x7f;
        return length == LONG ? 8 : length == SHORT ? 2 : 0;
    }

    private long payloadLength() {
        int length = header[1] & 0x7f;
        int bytes = lengthBytes();
        if (bytes == 0) {
            return length;
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | (header[2 + i] & 0xff);
        }
        return value;
    }
}
