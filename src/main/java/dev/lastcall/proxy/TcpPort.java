package dev.lastcall.proxy;

import dev.lastcall.drain.Admission;
import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Note;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.vertx.core.impl.VertxInternal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One port whose bytes are passed on as they are. Once the gate is closed it accepts nothing more: a client whose connection is refused
 * knows at once that it must go elsewhere. Undrained, it listens again on the same port. Thread-safe.
 */
final class TcpPort {
    private static final int BACKLOG = 4096;
    private static final Logger LOG = Logger.getLogger(TcpPort.class);

    private final String name;
    private final HostPort listen;
    private final TcpUpstream upstream;
    private final Drain drain;
    private final InFlight inFlight;
    private final ServerBootstrap server;
    private int port;
    private @Nullable Channel listener;

    TcpPort(String name, HostPort listen, TcpUpstream upstream, Drain drain, InFlight inFlight) {
        this.name = name;
        this.listen = listen;
        this.upstream = upstream;
        this.drain = drain;
        this.inFlight = inFlight;
        port = listen.port();
        VertxInternal vertx = upstream.vertx();
        server = new ServerBootstrap()
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
                        accepted(client);
                    }
                });
    }

    /** Complete once it listens. */
    CompletionStage<HostPort> start() {
        drain.subscribe(this::noted);
        return open();
    }

    private synchronized CompletionStage<HostPort> open() {
        CompletableFuture<HostPort> opened = new CompletableFuture<>();
        ChannelFuture bound = server.bind(listen.host(), port);
        listener = bound.channel();
        bound.addListener(done -> {
            if (done.isSuccess()) {
                opened.complete(bound(bound.channel()));
            } else {
                opened.completeExceptionally(done.cause());
            }
        });
        return opened;
    }

    private synchronized HostPort bound(Channel channel) {
        port = ((java.net.InetSocketAddress) channel.localAddress()).getPort();
        return new HostPort(listen.host(), port);
    }

    private void noted(Note note) {
        if (note.event() == Note.Event.STATE && !inFlight.isOpen()) {
            close();
        } else if (note.state() == DrainState.SERVING) {
            reopen();
        }
    }

    private synchronized void close() {
        Channel open = listener;
        listener = null;
        if (open != null) {
            var unused = open.close();
        }
    }

    private synchronized void reopen() {
        if (listener == null) {
            open().whenComplete((address, failure) -> {
                if (failure != null) {
                    LOG.errorf("tcp port=%s name=%s cannot be opened again: %s", port, name, failure);
                }
            });
        }
    }

    private void accepted(Channel client) {
        TcpRelay relay = new TcpRelay(name, client);
        Admission admission = inFlight.admit(relay, EntryClass.TCP, true);
        if (admission instanceof Entry entry) {
            relay.begin(entry, upstream);
        } else {
            relay.cut();
        }
    }
}
