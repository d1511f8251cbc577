package dev.lastcall.proxy.relay;

import dev.lastcall.proxy.message.HopByHop;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Locale;
import java.util.Map;

/** An interim answer (1xx) on its way to the client, for which Vert.x has no word but 100 and 103. On the event loop. */
final class Interim {
    private Interim() {}

    /** To HTTP/1.0, which has none (RFC 9110, 15.2), and to a client that reads nothing it is not sent. */
    @SuppressWarnings("FutureReturnValueIgnored") // where it fails the connection does
    static void pass(HttpResponse interim, HttpServerRequest request) {
        HttpServerConnection connection = (HttpServerConnection) request.connection();
        ChannelHandlerContext context = connection.channelHandlerContext();
        if (request.version() == io.vertx.core.http.HttpVersion.HTTP_1_0
                || request.response().headWritten()
                || !context.channel().isWritable()) {
            return;
        }
        HttpHeaders fields = new DefaultHttpHeaders();
        for (Map.Entry<String, String> field : interim.headers()) {
            if (!HopByHop.isHopByHop(field.getKey())) {
                fields.add(field.getKey(), field.getValue());
            }
        }
        if (context.handler() instanceof Http2ConnectionHandler handler) {
            Http2Headers head =
                    new DefaultHttp2Headers().status(interim.status().codeAsText());
            fields.forEach(field -> head.add(field.getKey().toLowerCase(Locale.ROOT), field.getValue()));
            handler.encoder().writeHeaders(context, request.streamId(), head, 0, false, context.newPromise());
            context.flush();
        } else {
            context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, interim.status(), Unpooled.EMPTY_BUFFER, fields, EmptyHttpHeaders.INSTANCE));
        }
    }
}
