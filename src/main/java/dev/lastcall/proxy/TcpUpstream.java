package dev.lastcall.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;

/** Where the bytes of a TCP port go. */
record TcpUpstream(VertxInternal vertx, HostPort address, Duration connectTimeout) {
    /** A connection that reads nothing yet, on the client's event loop. */
    ChannelFuture connect(Channel client) {
        return new Bootstrap()
                .group(client.eventLoop())
                .channelFactory(vertx.transport().channelFactory(false))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connectTimeout.toMillis()))
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address.host(), address.port());
    }
}
