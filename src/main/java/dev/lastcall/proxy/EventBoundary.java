package dev.lastcall.proxy;

import dev.lastcall.http.StreamTypes;
import io.vertx.core.buffer.Buffer;

/** Whether what has been sent of a stream ends with a whole event: the place at which it may be ended. */
final class EventBoundary implements StreamBoundary {
    private static final int LINE_FEEDS = 0x0a0a0a;

    private final boolean lines;
    private int last = LINE_FEEDS;

    /** @param type the Content-Type: of server-sent events, or of lines of JSON */
    EventBoundary(String type) {
        lines = StreamTypes.isLines(type);
    }

    @Override
    public void note(Buffer chunk) {
        int length = chunk.length();
        for (int i = Math.max(0, length - 3); i < length; i++) {
            last = last << 8 | chunk.getUnsignedByte(i);
        }
    }

    @Override
    public boolean isWhole() {
        if (lines) {
            return (last & 0xff) == '\n';
        }
        // Two ends of lines, each CRLF, LF or CR.
        boolean both = (last & 0xffff) == 0x0d0a;
        return isEnd(last) && isEnd(both ? last >> 16 : last >> 8);
    }

    private static boolean isEnd(int character) {
        return (character & 0xff) == '\n' || (character & 0xff) == '\r';
    }
}
