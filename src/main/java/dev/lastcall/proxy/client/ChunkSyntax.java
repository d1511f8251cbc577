package dev.lastcall.proxy.client;

import io.netty.buffer.ByteBuf;

/**
 * The chunks of one body, looked at beside Netty, which reads a size such as {@code " 5"} or {@code "5\u000b"} where others read none, and goes
 * on behind a CR without LF, where others end the line: two programs that disagree on a body's end see different requests (RFC 9112, 2.2
 * and 11.2).
 */
final class ChunkSyntax {
    private enum At {
        SIZE,
        DIGITS,
        BLANKS,
        EXTENSION,
        FEED_OF_SIZE,
        DATA,
        RETURN_OF_DATA,
        FEED_OF_DATA,
        TRAILERS
    }

    private static final int DELETE = 0x7f;

    private At at = At.SIZE;
    private long size;

    /** Whether these bytes, the next ones of the body, leave no doubt; what Netty refuses itself is not looked at. */
    boolean accepts(ByteBuf bytes, int from, int to) {
        int index = from;
        while (index < to && at != At.TRAILERS) {
            if (at == At.DATA) {
                int skipped = (int) Math.min(size, to - index);
                size -= skipped;
                index += skipped;
                if (size == 0) {
                    at = At.RETURN_OF_DATA;
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
                return endsDigits(next);
            }
            case BLANKS -> {
                return endsDigits(next);
            }
            case EXTENSION -> {
                at = next == '\r' ? At.FEED_OF_SIZE : At.EXTENSION;
                return next == '\r' || next == '\t' || (next >= ' ' ? next != DELETE : next < 0);
            }
            case FEED_OF_SIZE -> {
                at = size == 0 ? At.TRAILERS : At.DATA;
                return next == '\n';
            }
            case RETURN_OF_DATA -> {
                at = At.FEED_OF_DATA;
                return next == '\r';
            }
            default -> {
                at = At.SIZE;
                return next == '\n';
            }
        }
    }

    private boolean endsDigits(byte next) {
        boolean blank = next == ' ' || next == '\t';
        at = blank ? At.BLANKS : next == ';' ? At.EXTENSION : At.FEED_OF_SIZE;
        return blank || next == ';' || next == '\r';
    }
}
