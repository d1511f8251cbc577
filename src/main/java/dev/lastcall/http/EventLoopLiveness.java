package dev.lastcall.http;

import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * DOWN while an event loop has run nothing for half a minute: its connections are dead, though the other loops answer. The kubelet restarts
 * the container then. Thread-safe.
 */
@Liveness
@Singleton
public final class EventLoopLiveness implements HealthCheck {
    private final EventLoops loops = new EventLoops();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(tick -> {
        Thread thread = new Thread(tick, "lastcall-event-loops");
        thread.setDaemon(true);
        return thread;
    });

    EventLoopLiveness() {}

    void start(@Observes StartupEvent started, Vertx vertx) {
        watch(vertx);
        var unused = clock.scheduleWithFixedDelay(loops::tick, 1, 1, TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent stopping) {
        clock.shutdownNow();
    }

    /** Watches the event loops of a Vert.x, until they end. */
    public void watch(Vertx vertx) {
        Iterable<EventExecutor> group = ((VertxInternal) vertx).getEventLoopGroup();
        loops.watch(group);
    }

    @Override
    public HealthCheckResponse call() {
        long stalled = loops.stalled();
        return HealthCheckResponse.named("event-loops")
                .status(stalled == 0)
                .withData("stalled", stalled)
                .build();
    }
}
