package dev.lastcall.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An HTTP/2 connection's bytes out of an input, so that small changes of it are other frames and not only broken ones: a type, flags, a stream, the
 * number of bytes of the payload and the payload. A type from {@link #RAW} on stands for its payload alone, without a frame's head.
 */
public final class Http2Script {
    private static final int RAW = 0xf0;
    private static final int HEAD = 9;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int GOAWAY = 7;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;
    private static final int INTERNAL_ERROR = 2;

    private Http2Script() {}

    /** Returns what a client sends: its preface, its settings, and the frames of the input. */
    public static byte[] bytes(byte[] input) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        for (int at = 0; at + 4 <= input.length; ) {
            int length = Math.min(input[at + 3] & 0xff, input.length - at - 4);
            if ((input[at] & 0xff) < RAW) {
                all.writeBytes(
                        new byte[] {0, 0, (byte) length, input[at], input[at + 1], 0, 0, 0, (byte) (input[at + 2] & 0xf)
                        });
            }
            all.write(input, at + 4, length);
            at += 4 + length;
        }
        return all.toByteArray();
    }

    /** Checks the answer: frames, none of which says that the server has failed, and no status of a failure. */
    public static void check(byte[] answer) {
        ByteBuffer bytes = ByteBuffer.wrap(answer);
        DefaultHttp2HeadersDecoder decoder = decoder();
        while (bytes.remaining() >= HEAD) {
            int head = bytes.position();
            int length = ((bytes.get() & 0xff) << 16) | (bytes.getShort() & 0xffff);
            int type = bytes.get();
            int flags = bytes.get();
            int stream = bytes.getInt();
            if (length > bytes.remaining()) {
                // Reset in the middle.
                return;
            }
            int end = bytes.position() + length;
            if (type == RST_STREAM) {
                assertThat(bytes.getInt(end - 4)).as("RST_STREAM").isNotEqualTo(INTERNAL_ERROR);
            } else if (type == GOAWAY) {
                assertThat(bytes.getInt(head + HEAD + 4)).as("GOAWAY").isNotEqualTo(INTERNAL_ERROR);
            } else if (type == HEADERS) {
                assertThat(flags & PADDED).isZero();
                int begin = bytes.position() + ((flags & PRIORITY) == 0 ? 0 : 5);
                checkHead(decoder, stream, Arrays.copyOfRange(answer, begin, end));
            }
            bytes.position(end);
        }
    }

    /** One for every size of the dynamic table that an input may have allowed. */
    private static DefaultHttp2HeadersDecoder decoder() {
        DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
        try {
            decoder.maxHeaderTableSize(Http2CodecUtil.MAX_HEADER_TABLE_SIZE);
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        return decoder;
    }

    private static void checkHead(DefaultHttp2HeadersDecoder decoder, int stream, byte[] block) {
        try {
            Http2Headers fields = decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
            if (fields.status() != null) {
                assertThat(Statuses.isFailure(Integer.parseInt(fields.status().toString())))
                        .as(fields.toString())
                        .isFalse();
            }
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }
}
