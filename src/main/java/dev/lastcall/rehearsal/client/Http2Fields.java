package dev.lastcall.rehearsal.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;

/** The heads of exchanges on one HTTP/2 connection, whose tables of fields both sides keep. For one thread. */
final class Http2Fields {
    private static final int LARGEST = 64 * 1024;

    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((name, value) -> true);
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, LARGEST);

    /** The block of a request's head. */
    byte[] encoded(int stream, Http2Headers head) {
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(stream, head, block);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(String.valueOf(head.path()), e);
        }
        return ByteBufUtil.getBytes(block);
    }

    /** The fields that begin with this frame. */
    Http2Headers read(Http2Frame first, LoadSocket socket) throws ClientLoss {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(first.content());
        for (Http2Frame frame = first; !frame.has(Http2Frame.END_HEADERS); ) {
            frame = Http2Frame.read(socket);
            if (frame.type() != Http2Frame.CONTINUATION || block.size() > LARGEST) {
                throw new ClientLoss(LossKind.GARBLED, "a head that does not go on, or does not end");
            }
            block.writeBytes(frame.content());
        }
        try {
            return decoder.decodeHeaders(first.stream(), Unpooled.wrappedBuffer(block.toByteArray()));
        } catch (Http2Exception e) {
            throw new ClientLoss(LossKind.GARBLED, String.valueOf(e.getMessage()));
        }
    }
}
