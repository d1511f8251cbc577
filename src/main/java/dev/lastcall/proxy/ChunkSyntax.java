package dev.lastcall.proxy;

import io.netty.buffer.ByteBuf;

/**
 * The chunks of one body, looked at beside Netty, which reads a size such as {@code " 5"} or {@code "5\u000b"} where others read none: two
 * programs that disagree on a body's end see different requests (RFC 9112, 11.2).
 */
final class ChunkSyntax {
    private enum At {
        SIZE,
        DIGITS,
        REST_OF_LINE,
        DATA,
        AFTER_DATA,
        TRAILERS
    }

    private At at = At.SIZE;
    private long size;
    private int behind;

    /** Whether these bytes, the next ones of the body, leave no doubt; what Netty refuses itself is not looked at. */
    boolean accepts(ByteBuf bytes, int from, int to) {
        int index = from;
        while (index < to && at != At.TRAILERS) {
            if (at == At.DATA) {
                int skipped = (int) Math.min(size, to - index);
                size -= skipped;
                index += skipped;
                if (size == 0) {
                    at = At.AFTER_DATA;
                    behind = 2;
                }
            } else if (!accepts(bytes.getByte(index++))) {
                return false;
            }
        }
        return true;
    }

    private boolean accepts(byte next) {
        switch (at) {
            case SIZE -> {
                size = Character.digit(next, 16);
                at = At.DIGITS;
                return size >= 0;
            }
            case DIGITS -> {
                int digit = Character.digit(next, 16);
                if (digit >= 0) {
                    size = size * 16 + digit;
                    return size <= Integer.MAX_VALUE;
                }
                at = At.REST_OF_LINE;
                return next == '\r' || next == ';' || next == ' ' || next == '\t';
            }
            case REST_OF_LINE -> {
                if (next == '\n') {
                    at = size == 0 ? At.TRAILERS : At.DATA;
                }
                return true;
            }
            default -> {
                if (--behind == 0) {
                    at = At.SIZE;
                }
                return true;
            }
        }
    }
}
