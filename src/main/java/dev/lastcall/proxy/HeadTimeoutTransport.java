package dev.lastcall.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;
import java.time.Duration;

/**
 * The way in of the sidecar's own Vert.x: puts a clock on each connection as it is accepted. Vert.x shows a connection with its first
 * request, and one that never sends a whole head would never be seen.
 */
final class HeadTimeoutTransport extends JDKTransport {
    private final Duration headTimeout;

    private HeadTimeoutTransport(Duration headTimeout) {
        this.headTimeout = headTimeout;
    }

    /** A Vert.x behind such a door. */
    static Vertx vertx(int loops, Duration headTimeout) {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(loops)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        return new VertxBuilder(options)
                .findTransport(new HeadTimeoutTransport(headTimeout))
                .init()
                .vertx();
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        // HTTP alone: the TCP ports are Netty's own servers.
        bootstrap.handler(new HeadTimeoutHandler(headTimeout));
    }

    /** On the server's channel, before the connection that it reads belongs to an event loop. */
    private static final class HeadTimeoutHandler extends ChannelInboundHandlerAdapter {
        private final Duration headTimeout;

        HeadTimeoutHandler(Duration headTimeout) {
            this.headTimeout = headTimeout;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            HeadClock.on((Channel) accepted, headTimeout);
            context.fireChannelRead(accepted);
        }
    }
}
