package dev.lastcall.shutdown;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.FinalResponses;
import dev.lastcall.drain.Listeners;
import dev.lastcall.drain.Listeners.Audience;
import dev.lastcall.drain.Trigger;
import io.quarkus.runtime.Quarkus;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The way from DRAINED to the end of the process. */
@Singleton
final class Exit {
    /** For the final responses in any case; what a preStop hook needs to hear its 200 is a few milliseconds. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);

    /** For the listening sockets, whose threads do nothing else. */
    private static final Duration CLOSING = Duration.ofMillis(300);

    private static final int HALTING_INTERRUPT = 3;

    /** Static because it outlives the beans: the process asks for it after Quarkus has stopped. */
    private static volatile int reported;

    private static volatile boolean begun;

    private final Drain drain;
    private final FinalResponses finalResponses;
    private final Listeners listeners;
    private final Watchdog watchdog;
    private final CompletableFuture<Void> releasing = new CompletableFuture<>();

    Exit(Drain drain, FinalResponses finalResponses, Listeners listeners, Watchdog watchdog) {
        this.drain = drain;
        this.finalResponses = finalResponses;
        this.listeners = listeners;
        this.watchdog = watchdog;
    }

    /** Makes the drain end the process when its release is due. */
    void follow() {
        drain.whenReleaseDue()
                .thenCompose(due -> close(Audience.CLIENTS))
                .thenCompose(closed -> finalResponses
                        .allEnded()
                        .orTimeout(finalResponsesLimit().toMillis(), TimeUnit.MILLISECONDS))
                .handle((flushed, late) -> begin())
                .thenCompose(closing -> closing)
                .whenComplete((closed, late) -> end());
    }

    private CompletableFuture<Void> close(Audience audience) {
        return listeners.close(audience).completeOnTimeout(null, CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Duration finalResponsesLimit() {
        Duration left = drain.cutRemaining();
        return left.compareTo(SHORTEST_WAIT) > 0 ? left : shortestWait();
    }

    /** Returns the least time for the final responses. If the process is killed soon, the release has a claim to half of what is left. */
    private Duration shortestWait() {
        Duration half = drain.releaseRemaining().dividedBy(2);
        return half.compareTo(SHORTEST_WAIT) < 0 ? half : SHORTEST_WAIT;
    }

    private CompletableFuture<Void> begin() {
        drain.beginRelease();
        begun = true;
        return close(Audience.OPERATORS);
    }

    private void end() {
        releasing.complete(null);
        Quarkus.asyncExit();
    }

    /** A trigger that ends the process, and the watchdog sees to it; the third SIGINT ends it at once. */
    void triggered(Trigger trigger) {
        drain.trigger(trigger);
        watchdog.arm();
        if (drain.interrupts() >= HALTING_INTERRUPT) {
            watchdog.halt();
        }
    }

    /** Blocks until RELEASING has begun, at most until the deadline. Starts the drain where the process is ending without one. */
    void awaitRelease() {
        if (drain.haltRemaining() == null && !releasing.isDone()) {
            triggered(Trigger.SIGTERM);
        }
        Duration limit = drain.haltRemaining();
        try {
            releasing.get(limit == null ? 0 : limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            drain.beginRelease();
        }
    }

    static void report(int code) {
        reported = code;
    }

    /** Whether it is a drain that ends the process; false in a live reload. */
    static boolean hasBegun() {
        return begun;
    }

    /**
     * The exit code of the process.
     *
     * @param asked what Quarkus was asked to exit with; counts where the drain itself has nothing to complain of
     */
    static int code(int asked) {
        return reported != 0 ? reported : asked;
    }
}
