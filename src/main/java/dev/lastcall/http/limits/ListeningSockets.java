package dev.lastcall.http.limits;

import dev.lastcall.drain.Listeners;
import dev.lastcall.drain.Listeners.Audience;
import io.netty.channel.Channel;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.value.registry.ValueRegistry;
import io.quarkus.vertx.http.HttpServer;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The listening sockets of Netty's servers, Quarkus' and the sidecar's. Vert.x closes a server before its socket: what is accepted between
 * the two fails with a stack trace in the log. Here the socket is closed first. Thread-safe.
 */
@Singleton
final class ListeningSockets {
    /** Static, because Netty makes what adds to it. */
    private static final Set<Channel> OPEN = ConcurrentHashMap.newKeySet();

    private static final int NO_PORT = -1;

    private final ValueRegistry values;

    ListeningSockets(ValueRegistry values) {
        this.values = values;
    }

    static void add(Channel listening) {
        OPEN.add(listening);
        listening.closeFuture().addListener(closed -> OPEN.remove(listening));
    }

    void follow(@Observes StartupEvent started, Listeners listeners) {
        listeners.register(this::close);
    }

    private CompletionStage<Void> close(Audience audience) {
        int management = values.getOrDefault(HttpServer.MANAGEMENT_PORT, NO_PORT);
        return CompletableFuture.allOf(OPEN.stream()
                .filter(listening -> audience == audienceOf(listening, management))
                .map(ListeningSockets::close)
                .toArray(CompletableFuture[]::new));
    }

    private static Audience audienceOf(Channel listening, int management) {
        boolean operators =
                listening.localAddress() instanceof InetSocketAddress address && address.getPort() == management;
        return operators ? Audience.OPERATORS : Audience.CLIENTS;
    }

    /** Closes it between two rounds of its event loop, which has accepted everything by then that it knows of. */
    private static CompletableFuture<Void> close(Channel listening) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        listening.closeFuture().addListener(done -> closed.complete(null));
        listening.eventLoop().execute(() -> listening.unsafe().close(listening.voidPromise()));
        return closed;
    }
}
