package dev.lastcall.proxy.client;

import dev.lastcall.proxy.settings.ProxyTls;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The trailers of requests on an HTTP/1.1 connection. A pipelined request may be here with its trailers before the one in front of it is
 * answered, but all are given out in the order in which they came: the n-th end belongs to the n-th request. On the event loop.
 */
final class Http1Trailers extends ChannelDuplexHandler {
    private static final int FIRST_FINAL_STATUS = 200;

    /** Few requests have some. */
    private @Nullable Map<Integer, HttpHeaders> waiting;

    private final HeadClock clock;
    private final @Nullable RequestDecoder decoder;
    private int ended;
    private int given;

    /** With the first head on this connection, or under TLS before it. */
    Http1Trailers(HttpServerConnection connection) {
        clock = ClientConnection.of(connection).clock();
        RequestDecoder.install(connection.channel().pipeline());
        decoder = connection.channel().pipeline().get(RequestDecoder.class);
        if (!ProxyTls.isOn(connection.channel())) {
            clock.headCame();
        }
        connection
                .channel()
                .pipeline()
                .addBefore(connection.channelHandlerContext().name(), null, this);
    }

    /** The number of the request that is being given out. */
    int next() {
        return given++;
    }

    Iterable<Map.Entry<String, String>> take(int number) {
        HttpHeaders trailers = waiting == null ? null : waiting.remove(number);
        return trailers == null ? List.of() : trailers;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            clock.headCame();
        }
        if (message instanceof LastHttpContent last) {
            if (!last.trailingHeaders().isEmpty()) {
                if (waiting == null) {
                    waiting = new HashMap<>();
                }
                waiting.put(ended, last.trailingHeaders());
            }
            ended++;
            clock.messageEnded(decoder == null ? 0 : decoder.unread());
        }
        context.fireChannelRead(message);
    }

    /** The end of an answer lets the decoder go on. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise, which the writer has
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean interim = message instanceof HttpResponse head && head.status().code() < FIRST_FINAL_STATUS;
        context.write(message, promise);
        if (message instanceof LastHttpContent && !interim && decoder != null) {
            decoder.answered(context);
        }
    }
}
