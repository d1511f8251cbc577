package dev.lastcall.proxy.tcp;

import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.upstream.UpstreamAddresses;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Connects to the upstream of a TCP port. */
public record TcpUpstream(VertxInternal vertx, UpstreamAddresses addresses, Duration connectTimeout) {
    public TcpUpstream(VertxInternal vertx, HostPort address, Duration connectTimeout) {
        this(vertx, new UpstreamAddresses(address), connectTimeout);
    }

    /** A connection that reads nothing yet, on the client's event loop. */
    Future<Channel> connect(Channel client) {
        return addresses.connect(vertx, address -> connect(client, address));
    }

    private Future<Channel> connect(Channel client, SocketAddress address) {
        Promise<Channel> connected = Promise.promise();
        new Bootstrap()
                .group(client.eventLoop())
                .channelFactory(vertx.transport().channelFactory(false))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connectTimeout.toMillis()))
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new InetSocketAddress(address.host(), address.port()))
                .addListener((ChannelFuture done) -> {
                    if (done.isSuccess()) {
                        connected.complete(done.channel());
                    } else {
                        connected.fail(done.cause());
                    }
                });
        return connected.future();
    }
}
