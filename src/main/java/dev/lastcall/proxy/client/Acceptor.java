package dev.lastcall.proxy.client;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.impl.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The listening socket of the HTTP port. Thread-safe. */
public final class Acceptor {
    private volatile @Nullable Channel listening;

    void opened(Channel channel) {
        listening = channel;
    }

    /**
     * Accepts nobody during a change of something that each new connection needs; whoever comes meanwhile waits in the kernel. Vert.x has no
     * certificate while it reads another one, and breaks off what is accepted in between.
     */
    public <T> Future<T> pausedFor(VertxInternal vertx, Supplier<Future<T>> change) {
        Channel channel = listening;
        if (channel == null) {
            return change.get();
        }
        return on(channel.eventLoop(), () -> channel.config().setAutoRead(false))
                .compose(paused -> passed(vertx))
                .compose(passed -> change.get())
                .onComplete(changed -> channel.config().setAutoRead(true));
    }

    /** Completes once every connection that was accepted before has been set up. */
    @SuppressWarnings("deprecation") // of Vert.x' method, which has no other
    private static Future<?> passed(VertxInternal vertx) {
        List<Future<?>> loops = new ArrayList<>();
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            loops.add(on(loop, () -> {}));
        }
        return Future.all(loops);
    }

    private static Future<Void> on(EventExecutor loop, Runnable action) {
        Promise<Void> done = Promise.promise();
        loop.execute(() -> {
            action.run();
            done.complete();
        });
        return done.future();
    }
}
