package dev.lastcall.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.impl.HttpServerConnection;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 stream of a client as a channel of bytes, behind a head that has been answered: its DATA are what is read and written, END_STREAM
 * is the end of a direction, RST_STREAM is a reset (RFC 8441, 5). What the client's window has no room for waits here and makes the channel
 * unwritable. On the event loop.
 */
final class StreamChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final WriteBufferWaterMark WRITES = new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final Channel connection;
    private final ChannelHandlerContext http2;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final @Nullable Http2Stream stream;
    private final Supplier<TimeoutScanner.Watch> writing;
    private boolean open = true;
    private boolean gone;
    private boolean reading;
    private TimeoutScanner.@Nullable Watch written;
    private boolean inputOver;
    private boolean outputOver;

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
        this.writing = writing;
        response = request.response();
        stream = ((Http2ConnectionHandler) http2.handler()).connection().stream(request.streamId());
        config.setAutoRead(false);
        config.setWriteBufferWaterMark(WRITES);
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
        inputOver = true;
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }

    private void failed(Throwable cause) {
        if (!open || gone) {
            return;
        }
        gone = true;
        inputOver = true;
        if (cause instanceof StreamResetException) {
            pipeline().fireExceptionCaught(cause);
        } else {
            var unused = close();
        }
    }

    /** Where both sides have ended it properly, what the client said last may still be unread. */
    private void streamClosed() {
        boolean properly = outputOver && stream != null && !stream.isResetSent() && connection.isActive();
        if (!properly || inputOver) {
            var unused = close();
        }
    }

    @Override
    protected void doBeginRead() {
        if (!reading && !inputOver && !request.isEnded()) {
            reading = true;
            request.fetch(1);
        }
    }

    /** Everything that waits as one write, and the next once the client has taken it: its window is the measure, not the socket. */
    @Override
    protected void doWrite(ChannelOutboundBuffer out) throws Exception {
        while (written == null && !out.isEmpty()) {
            List<ByteBuf> waiting = new ArrayList<>();
            out.forEachFlushedMessage(message -> waiting.add(((ByteBuf) message).retainedDuplicate()));
            ByteBuf bytes = Unpooled.wrappedBuffer(waiting.toArray(new ByteBuf[0]));
            written = writing.get();
            if (bytes.isReadable()) {
                write(bytes, waiting.size());
            } else {
                bytes.release();
                written(waiting.size(), null);
            }
        }
    }

    @SuppressWarnings("deprecation") // without a copy
    private void write(ByteBuf bytes, int messages) {
        response.write(Buffer.buffer(bytes), (AsyncResult<Void> done) -> written(messages, done.cause()));
    }

    private void written(int messages, @Nullable Throwable failure) {
        if (written != null) {
            written.stop();
            written = null;
        }
        for (int i = 0; i < messages; i++) {
            // The close of this channel has failed what was left, and a listener may close it here.
            ChannelOutboundBuffer out = unsafe().outboundBuffer();
            if (out == null) {
                return;
            }
            if (failure == null) {
                out.remove();
            } else {
                out.remove(failure);
            }
        }
        ChannelOutboundBuffer out = unsafe().outboundBuffer();
        if (out != null && !out.isEmpty()) {
            unsafe().flush();
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // where it fails the stream has ended
    protected void doShutdownOutput() {
        outputOver = true;
        response.end();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise; nobody waits for it
    protected void doClose() {
        // A reset is not answered by another (RFC 9113, 5.4.2).
        boolean ended = !open || gone || (inputOver && outputOver);
        open = false;
        if (!ended && stream != null && stream.state() != Http2Stream.State.CLOSED) {
            Http2ConnectionHandler handler = (Http2ConnectionHandler) http2.handler();
            Http2Error code = outputOver ? Http2Error.NO_ERROR : Http2Error.CANCEL;
            handler.resetStream(http2, stream.id(), code.code(), http2.newPromise());
            http2.flush();
        }
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        return promise;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputOver || !open;
    }

    @Override
    public boolean isInputShutdown() {
        return inputOver || !open;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /** The client is not told: HTTP/2 has no word for it. */
    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputOver = true;
        return promise.setSuccess();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        inputOver = true;
        return shutdownOutput(promise);
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException("a stream is its client's"));
            }
        };
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return connection.localAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return connection.remoteAddress();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a stream has its connection's address");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
