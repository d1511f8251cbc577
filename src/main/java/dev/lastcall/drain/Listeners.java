package dev.lastcall.drain;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The listening sockets of this process. They are closed before the servers behind them, whose threads would have nobody to give a new
 * connection to. Thread-safe.
 */
@Internal
public final class Listeners {
    /** The parties whose connections a socket accepts. */
    public enum Audience {
        /** Closed once the release is due: nothing new comes while the last answers leave. */
        CLIENTS,
        /** The management port: closed when the release begins. */
        OPERATORS
    }

    private final List<Function<Audience, CompletionStage<?>>> closers = new CopyOnWriteArrayList<>();

    /** Adds a way to close the sockets of an audience; its stage is complete once nothing is accepted any more. */
    public void register(Function<Audience, CompletionStage<?>> closer) {
        closers.add(closer);
    }

    /** Closes the sockets of an audience; complete once nothing is accepted there any more, also where that failed. */
    public CompletableFuture<Void> close(Audience audience) {
        CompletableFuture<?>[] closing = closers.stream()
                .map(closer ->
                        closer.apply(audience).exceptionally(failure -> null).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(closing);
    }
}
