package dev.lastcall.proxy;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.impl.HttpClientInternal;
import io.vertx.core.impl.VertxInternal;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Connections to the application, of one event loop. Those that idle are used again newest first, so that the others grow old and are
 * closed. There is no upper limit: the application is to say itself how much it takes. On the event loop.
 */
final class UpstreamPool {
    private final Deque<UpstreamConnection> idle = new ArrayDeque<>();
    private final HttpClientInternal client;
    private final VertxInternal vertx;
    private final UpstreamAddresses addresses;
    private final long keepAliveNanos;

    UpstreamPool(VertxInternal vertx, ProxySettings settings, UpstreamAddresses addresses) {
        this.vertx = vertx;
        this.addresses = addresses;
        keepAliveNanos = settings.keepAlive().toNanos();
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int)
                        Math.min(Integer.MAX_VALUE, settings.connectTimeout().toMillis()))
                .setKeepAliveTimeout(
                        0); // ours, to the millisecond and whatever the application's Keep-Alive field says
        client = (HttpClientInternal) vertx.createHttpClient(options, new PoolOptions().setCleanerPeriod(0));
    }

    /** A connection that idles; null: there is none. */
    @Nullable
    UpstreamConnection idle() {
        for (UpstreamConnection newest = idle.pollLast(); newest != null; newest = idle.pollLast()) {
            if (!newest.isGone() && System.nanoTime() - newest.idleSince() < keepAliveNanos) {
                return newest;
            }
            newest.close();
        }
        return null;
    }

    Future<UpstreamConnection> connect() {
        return addresses.connect(vertx, client::connect).map(connection -> new UpstreamConnection(connection, this));
    }

    void release(UpstreamConnection connection) {
        if (!connection.isGone()) {
            connection.idle(System.nanoTime());
            idle.addLast(connection);
        }
    }

    /** Closes what has idled for too long; called every now and then. */
    void expire(long now) {
        for (UpstreamConnection oldest = idle.peekFirst(); oldest != null; oldest = idle.peekFirst()) {
            if (!oldest.isGone() && now - oldest.idleSince() < keepAliveNanos) {
                return;
            }
            idle.removeFirst();
            oldest.close();
        }
    }
}
