package dev.lastcall.proxy.client;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The clients' connections of one event loop. There are never more than its share of {@code max-connections}: one too many closes the one
 * that has idled longest, or is closed itself where none idles. On the event loop.
 */
final class ClientConnections {
    private static final Duration LONGEST_TICK = Duration.ofMillis(500);

    private final ClientLimits limits;
    private final Set<ClientConnection> open = new LinkedHashSet<>();
    /** The one that has idled longest is the first. */
    private final Set<ClientConnection> idle = new LinkedHashSet<>();

    ClientConnections(ClientLimits limits, EventLoop loop) {
        this.limits = limits;
        Duration tick = limits.send().dividedBy(8);
        long millis = Math.max(1, (tick.compareTo(LONGEST_TICK) < 0 ? tick : LONGEST_TICK).toMillis());
        var unused = loop.scheduleAtFixedRate(this::check, millis, millis, TimeUnit.MILLISECONDS);
    }

    ClientLimits limits() {
        return limits;
    }

    void opened(ClientConnection connection) {
        open.add(connection);
        idle.add(connection);
        connection.channel().closeFuture().addListener(closed -> {
            open.remove(connection);
            idle.remove(connection);
        });
        if (open.size() > limits.connectionsOfALoop()) {
            Iterator<ClientConnection> oldest = idle.iterator();
            close(oldest.hasNext() ? oldest.next() : connection);
        }
    }

    private void close(ClientConnection surplus) {
        limits.surplus();
        idle.remove(surplus);
        open.remove(surplus);
        Channel channel = surplus.channel();
        var unused = channel.close();
    }

    void busy(ClientConnection connection) {
        idle.remove(connection);
    }

    void idle(ClientConnection connection) {
        if (connection.isOpen()) {
            idle.add(connection);
        }
    }

    private void check() {
        long now = System.nanoTime();
        for (ClientConnection connection : new ArrayList<>(open)) {
            connection.check(now, limits.send().toNanos());
        }
    }
}
