package dev.lastcall.proxy.client;

import dev.lastcall.proxy.channel.ReadSize;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;

/**
 * The sockets of the sidecar's own Vert.x: small buffers, and limits on each connection as it is accepted. Vert.x shows a connection with
 * its first request, and one that never sends a whole head would never be seen.
 */
public final class ProxyTransport extends JDKTransport {
    /** With one read of the other side, this is what a stalled answer holds: 32 KiB. */
    private static final WriteBufferWaterMark WRITES = new WriteBufferWaterMark(8 * 1024, 16 * 1024);

    private static final int SMALLEST_READ = 512;
    private static final int FIRST_READ = 2048;

    private final ClientLimits limits;
    private final Acceptor acceptor = new Acceptor();

    private ProxyTransport(ClientLimits limits) {
        this.limits = limits;
    }

    /** A Vert.x with such sockets, and as many event loops as the limits are for. */
    public static Vertx vertx(ClientLimits limits) {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(limits.loops())
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        return new VertxBuilder(options)
                .findTransport(new ProxyTransport(limits))
                .init()
                .vertx();
    }

    /** Returns the listening socket of the server on this transport. */
    public Acceptor acceptor() {
        return acceptor;
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        // HTTP alone: the TCP ports are Netty's own servers.
        bootstrap.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITES);
        bootstrap.childOption(
                ChannelOption.RCVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, ReadSize.MOST));
        bootstrap.handler(new Accepting(limits, acceptor, options.isSsl()));
    }

    @Override
    public void configure(ClientOptionsBase options, boolean domainSocket, Bootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        bootstrap.option(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITES);
        bootstrap.option(ChannelOption.RCVBUF_ALLOCATOR, new ReadSize());
    }

    /** On the server's channel, before the connection that it reads belongs to an event loop. */
    private static final class Accepting extends ChannelInboundHandlerAdapter {
        private final ClientLimits limits;
        private final Acceptor acceptor;
        private final boolean tls;

        Accepting(ClientLimits limits, Acceptor acceptor, boolean tls) {
            this.limits = limits;
            this.acceptor = acceptor;
            this.tls = tls;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            acceptor.opened(context.channel());
            context.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            Channel channel = (Channel) accepted;
            if (!tls) {
                // With TLS it is the handshake that tells the protocol.
                channel.pipeline().addFirst(new ProtocolDetection());
            }
            channel.pipeline().addFirst(new HeadClock(channel, limits));
            context.fireChannelRead(accepted);
        }
    }
}
