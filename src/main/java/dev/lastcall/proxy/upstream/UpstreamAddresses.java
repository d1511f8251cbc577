package dev.lastcall.proxy.upstream;

import dev.lastcall.proxy.settings.HostPort;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Every address of an upstream's name: {@code localhost} is two, and the application may listen on one alone. The one that accepted last is
 * tried first. Thread-safe.
 */
public final class UpstreamAddresses {
    private static final List<String> LOOPBACKS = List.of("127.0.0.1", "0:0:0:0:0:0:0:1");

    private final HostPort upstream;
    private volatile List<SocketAddress> known = List.of();

    public UpstreamAddresses(HostPort upstream) {
        this.upstream = upstream;
    }

    /** Returns the name and the port, as configured. */
    public HostPort upstream() {
        return upstream;
    }

    /** Connects to the first one that accepts; fails as the last one did. */
    public <T> Future<T> connect(Vertx vertx, Function<SocketAddress, Future<T>> connect) {
        List<SocketAddress> addresses = known;
        return addresses.isEmpty()
                ? resolve(vertx).compose(found -> next(found, 0, connect))
                : next(addresses, 0, connect);
    }

    private <T> Future<T> next(List<SocketAddress> addresses, int at, Function<SocketAddress, Future<T>> connect) {
        SocketAddress address = addresses.get(at);
        Future<T> tried = connect.apply(address);
        return tried.compose(
                connected -> {
                    if (at > 0) {
                        prefer(addresses, at);
                    }
                    return tried;
                },
                refused -> {
                    if (at + 1 < addresses.size() && !isThere(refused)) {
                        return next(addresses, at + 1, connect);
                    }
                    // The name may stand for others by now.
                    known = List.of();
                    return tried;
                });
    }

    /** Whether an address has accepted: a failure at TLS or at HTTP comes after that, and what the next address says would hide its cause. */
    private static boolean isThere(Throwable failure) {
        return TlsFault.isIn(failure) || failure instanceof HttpClosedException || failure instanceof Http2Exception;
    }

    private void prefer(List<SocketAddress> addresses, int at) {
        List<SocketAddress> reordered = new ArrayList<>(addresses);
        reordered.add(0, reordered.remove(at));
        known = List.copyOf(reordered);
    }

    private Future<List<SocketAddress>> resolve(Vertx vertx) {
        return vertx.executeBlocking(
                () -> {
                    List<SocketAddress> found = new ArrayList<>();
                    for (InetAddress address : InetAddress.getAllByName(upstream.host())) {
                        found.add(SocketAddress.inetSocketAddress(upstream.port(), address.getHostAddress()));
                    }
                    if (upstream.host().equalsIgnoreCase("localhost")) {
                        // Both, whatever the resolver's file has of them (RFC 6761, 6.3).
                        LOOPBACKS.stream()
                                .map(address -> SocketAddress.inetSocketAddress(upstream.port(), address))
                                .filter(loopback -> !found.contains(loopback))
                                .forEach(found::add);
                    }
                    known = List.copyOf(found);
                    return found;
                },
                false);
    }
}
