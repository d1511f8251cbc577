package dev.lastcall.tcp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.vertx.core.impl.VertxInternal;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * Accepts TCP connections on the event loops of a Vert.x, but by Netty's own server: Vert.x' knows no half-closed connections, and a client
 * that sends, closes its side and then reads would lose what it has not read. Thread-safe.
 */
public final class TcpServer {
    private static final int BACKLOG = 4096;

    private final ServerBootstrap bootstrap;

    /**
     * A server that does not listen yet.
     *
     * @param accepted is given each connection, on its event loop; nothing is read from it until somebody asks for that
     */
    public TcpServer(VertxInternal vertx, Consumer<Channel> accepted) {
        bootstrap = new ServerBootstrap()
                .group(vertx.getAcceptorEventLoopGroup(), vertx.getEventLoopGroup())
                .channelFactory(vertx.transport().serverChannelFactory(false))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        accepted.accept(client);
                    }
                });
    }

    /**
     * Begins to listen; may be called again once the channel before is closed.
     *
     * @param port 0 takes a free one
     */
    public ChannelFuture listen(String host, int port) {
        return bootstrap.bind(host, port);
    }

    /** Listens as {@link #listen(String, int)} does, on every address. */
    public ChannelFuture listen(int port) {
        return bootstrap.bind(port);
    }

    /** The port that a listening channel has. */
    public static int port(Channel listener) {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }
}
