package dev.lastcall.proxy.tunnel;

import dev.lastcall.proxy.channel.InnerChannel;
import dev.lastcall.proxy.channel.TimeoutScanner;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 stream of a client as a channel of bytes, behind a head that has been answered: its DATA are what is read and written, END_STREAM is the
 * end of a direction, RST_STREAM is a reset (RFC 8441, 5). Bytes for which the client's window has no room wait here and make the channel unwritable.
 * On the event loop.
 */
final class StreamChannel extends InnerChannel {
    private final Channel connection;
    private final ChannelHandlerContext http2;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final @Nullable Http2Stream stream;
    private final StreamWriter writer;
    private boolean open = true;
    private boolean gone;
    private boolean reading;

    /**
     * @param request whose head has been answered, and which is paused
     * @param writing watches over a write, whose client may take it never
     */
    StreamChannel(HttpServerRequest request, Supplier<TimeoutScanner.Watch> writing) {
        super(((HttpServerConnection) request.connection()).channel());
        HttpServerConnection client = (HttpServerConnection) request.connection();
        connection = client.channel();
        http2 = client.channelHandlerContext();
        this.request = request;
        response = request.response();
        writer = new StreamWriter(this, response, writing);
        stream = ((Http2ConnectionHandler) http2.handler()).connection().stream(request.streamId());
    }

    /** Begins to read what comes, once somebody reads. */
    @SuppressWarnings("FutureReturnValueIgnored") // it is done at once: this is the event loop
    void begin() {
        connection.eventLoop().register(this);
        response.exceptionHandler(this::failed);
        response.closeHandler(closed -> streamClosed());
        request.exceptionHandler(this::failed);
        request.handler(this::read);
        request.endHandler(ended -> endInput());
    }

    @SuppressWarnings("deprecation") // the pipeline takes Netty's bytes alone
    private void read(Buffer bytes) {
        reading = false;
        pipeline().fireChannelRead(bytes.getByteBuf());
        pipeline().fireChannelReadComplete();
    }

    private void endInput() {
        inputEnded();
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }

    private void failed(Throwable cause) {
        if (!open || gone) {
            return;
        }
        gone = true;
        inputEnded();
        if (cause instanceof StreamResetException) {
            pipeline().fireExceptionCaught(cause);
        } else {
            var unused = close();
        }
    }

    /** Closes the channel, unless both sides have ended the stream properly and the client's last bytes may still be unread. */
    private void streamClosed() {
        boolean properly = isOutputOver() && stream != null && !stream.isResetSent() && connection.isActive();
        if (!properly || isInputOver()) {
            var unused = close();
        }
    }

    @Override
    protected void doBeginRead() {
        if (!reading && !isInputOver() && !request.isEnded()) {
            reading = true;
            request.fetch(1);
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
        writer.write(out);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // where it fails the stream has ended
    protected void doShutdownOutput() {
        outputEnded();
        response.end();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise; nobody waits for it
    protected void doClose() {
        // A reset is not answered by another (RFC 9113, 5.4.2).
        boolean ended = !open || gone || (isInputOver() && isOutputOver());
        open = false;
        if (!ended && stream != null && stream.state() != Http2Stream.State.CLOSED) {
            Http2ConnectionHandler handler = (Http2ConnectionHandler) http2.handler();
            Http2Error code = isOutputOver() ? Http2Error.NO_ERROR : Http2Error.CANCEL;
            handler.resetStream(http2, stream.id(), code.code(), http2.newPromise());
            http2.flush();
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }
}
