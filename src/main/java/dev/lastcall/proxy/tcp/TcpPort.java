package dev.lastcall.proxy.tcp;

import dev.lastcall.drain.Admission;
import dev.lastcall.drain.Drain;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Note;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.tcp.TcpServer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One port whose bytes are passed on as they are. It listens while the gate is open: a client whose connection is refused knows at once
 * that it must go elsewhere. Undrained, it listens again on the same port, and tries again while somebody else has that. Thread-safe.
 */
public final class TcpPort {
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 5000;
    private static final Logger LOG = Logger.getLogger(TcpPort.class);

    private final String name;
    private final HostPort listen;
    private final TcpUpstream upstream;
    private final Drain drain;
    private final InFlight inFlight;
    private final TcpServer server;
    private int port;
    private long pauseMs = FIRST_PAUSE_MS;
    private boolean opening;
    private @Nullable Channel listener;

    public TcpPort(String name, HostPort listen, TcpUpstream upstream, Drain drain, InFlight inFlight) {
        this.name = name;
        this.listen = listen;
        this.upstream = upstream;
        this.drain = drain;
        this.inFlight = inFlight;
        port = listen.port();
        server = new TcpServer(upstream.vertx(), this::accepted);
    }

    /** Complete once it listens. */
    public CompletionStage<HostPort> start() {
        CompletableFuture<HostPort> started = new CompletableFuture<>();
        ChannelFuture bound = bind();
        bound.addListener(done -> {
            if (done.isSuccess()) {
                opened(bound.channel());
                drain.subscribe(this::noted);
                started.complete(new HostPort(listen.host(), TcpServer.port(bound.channel())));
            } else {
                started.completeExceptionally(done.cause());
            }
        });
        return started;
    }

    /** Whether it listens, or is not to. */
    public synchronized boolean isReady() {
        return listener != null || !inFlight.isOpen();
    }

    private synchronized ChannelFuture bind() {
        opening = true;
        return server.listen(listen.host(), port);
    }

    /** The gate is asked, not the note: the next change may have come before this one is told. */
    private synchronized void noted(Note note) {
        if (!inFlight.isOpen()) {
            close();
        } else if (listener == null && !opening) {
            reopen();
        }
    }

    private void reopen() {
        ChannelFuture bound = bind();
        bound.addListener(done -> {
            if (done.isSuccess()) {
                opened(bound.channel());
            } else {
                failed(done.cause());
            }
        });
    }

    private synchronized void opened(Channel channel) {
        opening = false;
        pauseMs = FIRST_PAUSE_MS;
        port = TcpServer.port(channel);
        listener = channel;
        if (!inFlight.isOpen()) {
            close();
        }
    }

    private synchronized void failed(Throwable cause) {
        if (pauseMs == FIRST_PAUSE_MS) {
            LOG.warnf("tcp port=%s name=%s cannot be opened again yet: %s", port, name, cause);
        }
        var unused = upstream.vertx().getEventLoopGroup().schedule(this::retry, pauseMs, TimeUnit.MILLISECONDS);
        pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
    }

    private synchronized void retry() {
        if (inFlight.isOpen()) {
            reopen();
        } else {
            opening = false;
        }
    }

    private void close() {
        Channel open = listener;
        listener = null;
        if (open != null) {
            var unused = open.close();
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
