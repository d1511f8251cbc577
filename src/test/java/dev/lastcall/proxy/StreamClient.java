package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.Http2Frames;
import dev.lastcall.http.RawClient;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client of HTTP/2 that decides about every frame, reads the heads that come, and opens its windows when it is told to. */
final class StreamClient implements AutoCloseable {
    static final int CANCEL = 8;
    static final int PROTOCOL_ERROR = 1;

    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int WITH_PRIORITY = 0x20;
    private static final int PRIORITY_FIELDS = 5;

    private final RawClient client;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    StreamClient(int port) throws IOException {
        client = new RawClient(port);
        Http2Frames.begin(client);
    }

    static Http2Headers head(String method) {
        return new DefaultHttp2Headers(false)
                .method(method)
                .scheme("http")
                .path("/socket?a=b")
                .authority("a.example");
    }

    /** The opening of a WebSocket (RFC 8441, 5.1). */
    static Http2Headers opening() {
        return head("CONNECT").add(":protocol", "websocket").add("sec-websocket-version", "13");
    }

    StreamClient open(int stream, Http2Headers head) throws Exception {
        client.sendBytes(Http2Frames.headers(stream, Http2Frames.END_HEADERS, head));
        return this;
    }

    StreamClient data(int stream, String bytes) throws IOException {
        return frame(Http2Frames.DATA, 0, stream, bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    StreamClient end(int stream) throws IOException {
        return frame(Http2Frames.DATA, Http2Frames.END_STREAM, stream, new byte[0]);
    }

    StreamClient reset(int stream) throws IOException {
        return frame(Http2Frames.RST_STREAM, 0, stream, number(CANCEL));
    }

    StreamClient update(int stream, int bytes) throws IOException {
        return frame(WINDOW_UPDATE, 0, stream, number(bytes));
    }

    StreamClient frame(int type, int flags, int stream, byte[] payload) throws IOException {
        client.sendBytes(Http2Frames.frame(type, flags, stream, payload));
        return this;
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    Http2Frames.Frame await(int type) throws IOException {
        return Http2Frames.await(client, type);
    }

    /** The next head, which must be this stream's. */
    Http2Headers answer(int stream) throws Exception {
        Http2Frames.Frame frame = await(Http2Frames.HEADERS);
        assertThat(frame.stream()).isEqualTo(stream);
        ByteBuffer block = frame.payload();
        if ((frame.flags() & WITH_PRIORITY) != 0) {
            block.position(PRIORITY_FIELDS);
        }
        return decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
    }

    /** Reads so many bytes of a stream, frames of others being skipped. */
    String read(int stream, int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < length) {
            Http2Frames.Frame frame = await(Http2Frames.DATA);
            if (frame.stream() == stream) {
                bytes.write(frame.payload().array());
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads to END_STREAM, opening the windows again. */
    String readToEnd(int stream) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            Http2Frames.Frame frame = await(Http2Frames.DATA);
            bytes.write(frame.payload().array());
            if ((frame.flags() & Http2Frames.END_STREAM) != 0) {
                return bytes.toString(StandardCharsets.ISO_8859_1);
            }
            if (frame.payload().capacity() > 0) {
                update(0, frame.payload().capacity());
                update(stream, frame.payload().capacity());
            }
        }
    }

    /** Returns the code of the next reset, which must be this stream's. */
    int resetOf(int stream) throws IOException {
        Http2Frames.Frame frame = await(Http2Frames.RST_STREAM);
        assertThat(frame.stream()).isEqualTo(stream);
        return frame.payload().getInt();
    }

    /** Returns the frames' types that come before the answer to a PING: whatever was said before that has been dealt with. */
    java.util.List<Integer> untilPong() throws IOException {
        frame(PING, 0, 0, new byte[8]);
        java.util.List<Integer> types = new java.util.ArrayList<>();
        while (true) {
            int type = Http2Frames.next(client).type();
            if (type == PING) {
                return types;
            }
            types.add(type);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
