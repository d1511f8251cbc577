package dev.lastcall.http.limits;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.NetServerOptions;

/** A Vert.x whose servers accept connections with the limits on them. */
public final class LimitedTransport extends JDKTransport {
    private final OpenConnections connections;

    private LimitedTransport(HttpLimits limits, HeadBudget heads) {
        connections = new OpenConnections(limits, new LimitCounts(), heads);
    }

    public static Vertx vertx() {
        return vertx(HttpLimits.defaults(), HeadBudget.ofThisHeap());
    }

    static Vertx vertx(HttpLimits limits, HeadBudget heads) {
        return new VertxBuilder(new VertxOptions())
                .findTransport(new LimitedTransport(limits, heads))
                .init()
                .vertx();
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        bootstrap.handler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object accepted) {
                AcceptedConnections.limit((Channel) accepted, connections, new HttpServerOptions());
                context.fireChannelRead(accepted);
            }
        });
    }
}
