package dev.lastcall.proxy.relay;

import dev.lastcall.http.StreamBoundary;
import io.vertx.core.buffer.Buffer;

/** Whether what has been sent of a gRPC stream ends with a whole message: a flag, four bytes of length, and so many bytes. */
final class MessageBoundary implements StreamBoundary {
    private static final int PREFIX = 5;

    private int prefix;
    private long length;
    private long left;

    @Override
    public void note(Buffer chunk) {
        int at = 0;
        while (at < chunk.length()) {
            if (left > 0) {
                int skipped = (int) Math.min(left, chunk.length() - at);
                left -= skipped;
                at += skipped;
                continue;
            }
            int next = chunk.getUnsignedByte(at++);
            length = prefix == 0 ? 0 : length << 8 | next;
            if (++prefix == PREFIX) {
                prefix = 0;
                left = length;
            }
        }
    }

    @Override
    public boolean isWhole() {
        return prefix == 0 && left == 0;
    }
}
