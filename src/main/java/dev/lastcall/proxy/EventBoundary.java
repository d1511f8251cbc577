package dev.lastcall.proxy;

import io.vertx.core.buffer.Buffer;

/** Whether what has been sent of a stream ends with a whole event: the place at which it may be ended. */
final class EventBoundary {
    private static final int LF_LF = 0x0a0a;
    private static final int CR_CR = 0x0d0d;
    private static final int CR_LF_CR_LF = 0x0d0a0d0a;

    private final boolean lines;
    private int last = CR_LF_CR_LF;

    /** @param type the Content-Type: of server-sent events, or of lines of JSON */
    EventBoundary(String type) {
        lines = type.startsWith("application/x-ndjson");
    }

    void note(Buffer chunk) {
        int length = chunk.length();
        for (int i = Math.max(0, length - 4); i < length; i++) {
            last = last << 8 | chunk.getUnsignedByte(i);
        }
    }

    boolean isWhole() {
        if (lines) {
            return (last & 0xff) == '\n';
        }
        int two = last & 0xffff;
        return two == LF_LF || two == CR_CR || last == CR_LF_CR_LF;
    }
}
