package dev.lastcall.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Frames of HTTP/2 as bytes (RFC 9113, 4.1), to say and see what a client library hides. */
public final class Http2Frames {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int GOAWAY = 7;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    private static final int HEAD = 9;

    private Http2Frames() {}

    /** Sends a client's connection preface and its settings, which are the defaults. */
    public static void begin(RawClient client) throws IOException {
        client.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").sendBytes(frame(SETTINGS, 0, 0, new byte[0]));
    }

    public static byte[] headers(int stream, int flags, Http2Headers fields) throws Exception {
        ByteBuf block = Unpooled.buffer();
        // Without the dynamic table each block stands for itself.
        DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((name, value) -> true);
        encoder.encodeHeaders(stream, fields, block);
        return frame(HEADERS, flags, stream, ByteBufUtil.getBytes(block));
    }

    public static byte[] frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(new byte[] {
            (byte) (payload.length >> 16),
            (byte) (payload.length >> 8),
            (byte) payload.length,
            (byte) type,
            (byte) flags
        });
        frame.write(ByteBuffer.allocate(Integer.BYTES).putInt(stream).array());
        frame.write(payload);
        return frame.toByteArray();
    }

    /** Reads to the next frame of a type, and returns its flags. */
    public static int awaitFlags(RawClient client, int type) throws IOException {
        return await(client, type).flags();
    }

    /** Reads to the next frame of a type. */
    public static Frame await(RawClient client, int type) throws IOException {
        while (true) {
            Frame frame = next(client);
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    /** Reads the next frame. */
    public static Frame next(RawClient client) throws IOException {
        ByteBuffer head = ByteBuffer.wrap(client.read(HEAD));
        int length = ((head.getShort() & 0xffff) << 8) | (head.get() & 0xff);
        return new Frame(head.get(), head.get(), head.getInt(), ByteBuffer.wrap(client.read(length)));
    }

    /** A frame that was read. */
    public record Frame(int type, int flags, int stream, ByteBuffer payload) {}
}
