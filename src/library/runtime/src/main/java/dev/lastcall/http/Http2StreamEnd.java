package dev.lastcall.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * As {@link StreamEnd}, of the streams of an HTTP/2 connection: reads the frames that leave it (RFC 9113, 4.1), and ends a stream with an empty
 * DATA frame. Stands on the network's side of Netty's HTTP/2 handler. On the connection's event loop.
 */
final class Http2StreamEnd extends ChannelOutboundHandlerAdapter {
    private static final int HEADER = 9;

    private final ChannelHandlerContext server;
    private final Http2ConnectionHandler streams;
    private final IntObjectMap<Watched> watched = new IntObjectHashMap<>();

    private final byte[] header = new byte[HEADER];
    private int headerBytes;
    private int left;
    private @Nullable Watched current;

    private static final class Watched {
        final int stream;
        final EventBoundary boundary;
        boolean told;

        Watched(int stream, EventBoundary boundary) {
            this.stream = stream;
            this.boundary = boundary;
        }
    }

    private Http2StreamEnd(ChannelHandlerContext server) {
        this.server = server;
        streams = (Http2ConnectionHandler) server.handler();
        streams.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                watched.remove(stream.id());
            }
        });
    }

    /** To be called with the head of the answer, which says whether it is a stream of events. */
    static void follow(Exchange exchange) {
        MultiMap headers = exchange.request().response().headers();
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        if (type != null && StreamTypes.isStream(type) && !headers.contains(HttpHeaders.CONTENT_ENCODING)) {
            exchange.connection().run(() -> of(exchange.connection()).watch(exchange, type));
        }
    }

    private static Http2StreamEnd of(ServedConnection connection) {
        Channel channel = connection.channel;
        Http2StreamEnd known = channel.pipeline().get(Http2StreamEnd.class);
        if (known != null) {
            return known;
        }
        ChannelHandlerContext server = connection.connection.channelHandlerContext();
        Http2StreamEnd made = new Http2StreamEnd(server);
        channel.pipeline().addBefore(server.name(), null, made);
        return made;
    }

    private void watch(Exchange exchange, String type) {
        int id = exchange.request().streamId();
        Http2Stream stream = streams.connection().stream(id);
        if (stream != null) {
            Watched watching = new Watched(id, new EventBoundary(type));
            watched.put(id, watching);
            exchange.entry().onCancelled(() -> exchange.connection().run(() -> told(exchange, watching)));
        }
    }

    private void told(Exchange exchange, Watched watching) {
        if (exchange.isFollowed()) {
            watched.remove(watching.stream);
        } else {
            watching.told = true;
            endWhenWhole(watching);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            read(bytes);
        }
        context.write(message, promise);
    }

    /** A frame is a write for its header and others for its payload, as Netty does it; nothing here leans on that. */
    private void read(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (left == 0) {
                header[headerBytes++] = bytes.getByte(at++);
                if (headerBytes == HEADER) {
                    headerBytes = 0;
                    begin();
                }
            } else {
                int part = Math.min(left, bytes.writerIndex() - at);
                pass(bytes.slice(at, part));
                at += part;
            }
        }
    }

    private void begin() {
        left = number(0, 3);
        boolean data = header[3] == Http2FrameTypes.DATA;
        current = data ? watched.get(number(5, 4) & Integer.MAX_VALUE) : null;
    }

    private int number(int from, int bytes) {
        int number = 0;
        for (int i = from; i < from + bytes; i++) {
            number = number << 8 | header[i] & 0xff;
        }
        return number;
    }

    private void pass(ByteBuf payload) {
        left -= payload.readableBytes();
        Watched passing = current;
        if (passing != null) {
            passing.boundary.note(payload);
            if (left == 0 && passing.told) {
                // Behind what the flow controller is writing just now.
                server.executor().execute(() -> endWhenWhole(passing));
            }
        }
    }

    private void endWhenWhole(Watched ending) {
        Http2Stream stream = streams.connection().stream(ending.stream);
        if (stream == null || !stream.state().localSideOpen()) {
            watched.remove(ending.stream);
        } else if (ending.boundary.isWhole()
                && !streams.connection().remote().flowController().hasFlowControlled(stream)) {
            watched.remove(ending.stream);
            streams.encoder().writeData(server, ending.stream, Unpooled.EMPTY_BUFFER, 0, true, server.newPromise());
            // Not the context's flush, which passes the flow controller by: the application's next event would be
            // merged into this frame.
            streams.flush(server);
        }
    }
}
