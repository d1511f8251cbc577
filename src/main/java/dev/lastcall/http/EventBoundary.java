package dev.lastcall.http;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;

/** Whether what has been sent of a stream ends with a whole event: the place at which it may be ended. */
public final class EventBoundary implements StreamBoundary {
    private static final int LINE_FEEDS = 0x0a0a0a;

    private final boolean lines;
    private int last = LINE_FEEDS;

    /** @param type the Content-Type: of server-sent events, or of lines of JSON */
    public EventBoundary(String type) {
        lines = StreamTypes.isLines(type);
    }

    @Override
    public void note(Buffer chunk) {
        int length = chunk.length();
        for (int i = Math.max(0, length - 3); i < length; i++) {
            last = last << 8 | chunk.getUnsignedByte(i);
        }
    }

    /** These bytes are sent next; neither their indices nor their count of references changes. */
    void note(ByteBuf bytes) {
        int end = bytes.writerIndex();
        for (int i = Math.max(bytes.readerIndex(), end - 3); i < end; i++) {
            last = last << 8 | bytes.getUnsignedByte(i);
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
