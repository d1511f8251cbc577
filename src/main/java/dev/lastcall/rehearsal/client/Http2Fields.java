package dev.lastcall.rehearsal.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** The heads of gRPC calls on one HTTP/2 connection, whose tables of fields both sides keep. For one thread. */
final class Http2Fields {
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder((name, value) -> true);
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    /** The head of a call. */
    byte[] call(int stream, String path, int port) {
        Http2Headers head = new DefaultHttp2Headers()
                .method("POST")
                .scheme("http")
                .path(path)
                .authority("127.0.0.1:" + port)
                .add("te", "trailers")
                .add("content-type", "application/grpc")
                .add("user-agent", "lastcall-rehearse");
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(stream, head, block);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(path, e);
        }
        return ByteBufUtil.getBytes(block);
    }

    /** The status of gRPC in a head that ends the stream; null where the head begins an answer. */
    @Nullable
    Integer status(Http2Frame first, LoadSocket socket) throws ClientLoss {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(first.content());
        for (Http2Frame frame = first; !frame.has(Http2Frame.END_HEADERS); ) {
            frame = Http2Frame.read(socket);
            if (frame.type() != Http2Frame.CONTINUATION) {
                throw new ClientLoss(LossKind.GARBLED, "a head that does not go on");
            }
            block.writeBytes(frame.content());
        }
        Http2Headers fields = decoded(first.stream(), block.toByteArray());
        CharSequence http = fields.status();
        if (http != null && !http.toString().equals("200")) {
            boolean failed = http.charAt(0) == '5';
            throw new ClientLoss(failed ? LossKind.SERVER_ERROR : LossKind.OTHER_STATUS, http.toString());
        }
        if (!first.has(Http2Frame.END_STREAM)) {
            return null;
        }
        CharSequence grpc = fields.get("grpc-status");
        if (grpc == null || !grpc.toString().matches("[0-9]{1,3}")) {
            throw new ClientLoss(LossKind.GARBLED, "trailers without grpc-status");
        }
        return Integer.valueOf(grpc.toString());
    }

    private Http2Headers decoded(int stream, byte[] block) throws ClientLoss {
        try {
            return decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
        } catch (Http2Exception e) {
            throw new ClientLoss(LossKind.GARBLED, String.valueOf(e.getMessage()));
        }
    }
}
