package dev.lastcall.proxy.upstream;

import dev.lastcall.proxy.settings.ProxySettings;
import io.vertx.core.Future;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SSLOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connections to the application, of one event loop. Idle connections are used again newest first, so that the others grow old and are closed. There
 * is no upper limit: the application is to say itself how much it takes. On the event loop.
 */
public final class UpstreamPool {
    private final Deque<Http1Upstream> idle = new ArrayDeque<>();
    private final List<Http2Upstream> shared = new ArrayList<>();
    private final UpstreamClients clients;
    private final long keepAliveNanos;
    private @Nullable Future<UpstreamConnection> connecting;

    public UpstreamPool(VertxInternal vertx, ProxySettings settings, UpstreamAddresses addresses) {
        clients = new UpstreamClients(vertx, settings, addresses);
        keepAliveNanos = settings.keepAlive().toNanos();
    }

    /**
     * A connection that idles; null: there is none.
     *
     * @param refused one that has just taken nothing, which another is to be asked instead of
     */
    @Nullable
    public UpstreamConnection idle(boolean http2, @Nullable UpstreamConnection refused) {
        return http2 ? freeHttp2(refused) : idleHttp1();
    }

    private @Nullable UpstreamConnection freeHttp2(@Nullable UpstreamConnection refused) {
        for (Http2Upstream connection : shared) {
            if (connection != refused && connection.isFree()) {
                return connection;
            }
        }
        return null;
    }

    private @Nullable UpstreamConnection idleHttp1() {
        for (Http1Upstream newest = idle.pollLast(); newest != null; newest = idle.pollLast()) {
            if (!newest.isGone() && System.nanoTime() - newest.idleSince() < keepAliveNanos) {
                return newest;
            }
            newest.close();
        }
        return null;
    }

    /** Opens a connection; over HTTP/2 one that others wait for too may be given. */
    public Future<UpstreamConnection> connect(boolean http2) {
        return http2 ? connectHttp2() : clients.connect(false).map(connection -> new Http1Upstream(connection, this));
    }

    /** Opens one connection at a time: those who wait for it share it. */
    private Future<UpstreamConnection> connectHttp2() {
        Future<UpstreamConnection> made = connecting;
        if (made == null) {
            made = clients.connect(true).map(this::share);
            connecting = made;
            made.onComplete(done -> connecting = null);
        }
        return made;
    }

    private UpstreamConnection share(HttpClientConnection connection) {
        Http2Upstream made = new Http2Upstream(connection);
        connection.closeHandler(closed -> shared.remove(made));
        if (made.isOpen()) {
            shared.add(made);
        }
        return made;
    }

    /** Other certificates are trusted or shown from now on; connections that there are stay. */
    public void renew(SSLOptions options) {
        clients.renew(options);
    }

    void release(Http1Upstream connection) {
        if (!connection.isGone()) {
            connection.idle(System.nanoTime());
            idle.addLast(connection);
        }
    }

    /** Closes what has idled for too long; called every now and then. */
    public void expire(long now) {
        for (Http1Upstream oldest = idle.peekFirst(); oldest != null; oldest = idle.peekFirst()) {
            if (!oldest.isGone() && now - oldest.idleSince() < keepAliveNanos) {
                return;
            }
            idle.removeFirst();
            oldest.close();
        }
    }
}
