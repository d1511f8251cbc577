package dev.lastcall.proxy.tunnel;

import io.netty.buffer.ByteBuf;

/**
 * Finds the boundaries of WebSocket frames in one direction (RFC 6455, 5.2), so that a frame of ours can be put between two. Payloads are
 * skipped, not read: extensions and masks are no concern of ours. A length that the protocol forbids ends the reading for good.
 */
final class Frames {
    private static final int CLOSE = 8;
    private static final int CONTROL = 8;
    private static final int SHORT = 126;
    private static final int LONG = 127;

    private long payload;
    private boolean closing;
    private boolean closed;
    private boolean broken;

    /** Between two frames. */
    boolean isBetween() {
        return payload == 0;
    }

    /** Whether a whole Close frame has passed. */
    boolean isClosed() {
        return closed;
    }

    /** Whether a frame's length was none: what comes from there on has no meaning. */
    boolean isBroken() {
        return broken;
    }

    /**
     * Reads from the buffer's reader index on, which stays as it is.
     *
     * @param frames at most so many of them
     * @return how many bytes may be passed on. What is left then is the begin of a header, to be given again with what follows it, unless
     *     it {@link #isBroken()}
     */
    int pass(ByteBuf bytes, int frames) {
        int at = bytes.readerIndex();
        int left = frames;
        while (at < bytes.writerIndex() && (payload > 0 || left > 0)) {
            if (payload == 0) {
                int header = headerLength(bytes, at);
                if (header < 0 || !begin(bytes, at)) {
                    break;
                }
                at += header;
            }
            int skipped = (int) Math.min(payload, bytes.writerIndex() - at);
            payload -= skipped;
            at += skipped;
            if (payload == 0) {
                closed |= closing;
                left--;
            }
        }
        return at - bytes.readerIndex();
    }

    /** Negative: it is not here as a whole. */
    private static int headerLength(ByteBuf bytes, int at) {
        int there = bytes.writerIndex() - at;
        if (there < 2) {
            return -1;
        }
        int length = 2 + lengthBytes(bytes, at) + (bytes.getByte(at + 1) < 0 ? 4 : 0);
        return there < length ? -1 : length;
    }

    private static int lengthBytes(ByteBuf bytes, int at) {
        int length = bytes.getByte(at + 1) & 0x7f;
        return length == LONG ? 8 : length == SHORT ? 2 : 0;
    }

    /** Eight bytes of length have their top bit unset; a control frame has a length of at most 125. */
    private boolean begin(ByteBuf bytes, int at) {
        int opcode = bytes.getByte(at) & 0x0f;
        int extended = lengthBytes(bytes, at);
        long length =
                switch (extended) {
                    case 8 -> bytes.getLong(at + 2);
                    case 2 -> bytes.getUnsignedShort(at + 2);
                    default -> bytes.getByte(at + 1) & 0x7f;
                };
        broken = length < 0 || (opcode >= CONTROL && extended > 0);
        if (!broken) {
            payload = length;
            closing = opcode == CLOSE;
        }
        return !broken;
    }
}
