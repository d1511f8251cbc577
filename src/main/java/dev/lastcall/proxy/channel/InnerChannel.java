package dev.lastcall.proxy.channel;

import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import java.net.SocketAddress;

/**
 * A channel of bytes inside another one: it has that one's addresses and event loop, and two directions, of which each may end before the
 * other. Its buffers are as small as those of the sidecar's sockets. On the event loop.
 */
public abstract class InnerChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final WriteBufferWaterMark WRITES = new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final Channel outer;
    private boolean inputOver;
    private boolean outputOver;

    protected InnerChannel(Channel outer) {
        super(outer);
        this.outer = outer;
        config.setAutoRead(false);
        config.setWriteBufferWaterMark(WRITES);
    }

    /** Notes that nothing more will be read. */
    protected final void inputEnded() {
        inputOver = true;
    }

    /** Notes that nothing more will be written. */
    protected final void outputEnded() {
        outputOver = true;
    }

    protected final boolean isInputOver() {
        return inputOver;
    }

    protected final boolean isOutputOver() {
        return outputOver;
    }

    @Override
    public final ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public final ChannelFuture shutdownOutput(ChannelPromise promise) {
        ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        return promise;
    }

    @Override
    public final boolean isOutputShutdown() {
        return outputOver || !isOpen();
    }

    @Override
    public final boolean isInputShutdown() {
        return inputOver || !isOpen();
    }

    @Override
    public final boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public final ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /** The client is not told: HTTP/2 has no word for it. */
    @Override
    public final ChannelFuture shutdownInput(ChannelPromise promise) {
        inputOver = true;
        return promise.setSuccess();
    }

    @Override
    public final ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public final ChannelFuture shutdown(ChannelPromise promise) {
        inputOver = true;
        return shutdownOutput(promise);
    }

    @Override
    protected final AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException("a stream is its client's"));
            }
        };
    }

    @Override
    protected final boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected final SocketAddress localAddress0() {
        return outer.localAddress();
    }

    @Override
    protected final SocketAddress remoteAddress0() {
        return outer.remoteAddress();
    }

    @Override
    protected final void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a stream has its connection's address");
    }

    @Override
    protected final void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    public final ChannelConfig config() {
        return config;
    }

    @Override
    public final boolean isActive() {
        return isOpen();
    }

    @Override
    public final ChannelMetadata metadata() {
        return METADATA;
    }
}
