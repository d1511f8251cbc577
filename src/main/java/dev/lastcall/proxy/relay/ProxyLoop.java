package dev.lastcall.proxy.relay;

import dev.lastcall.proxy.channel.TimeoutScanner;
import dev.lastcall.proxy.settings.ProxySettings;
import dev.lastcall.proxy.upstream.UpstreamPool;
import io.vertx.core.impl.ContextInternal;

/** The objects that the exchanges of one event loop share. On that event loop, where not said otherwise. */
public record ProxyLoop(ProxySettings settings, UpstreamPool pool, TimeoutScanner limits, ContextInternal context) {
    /** Behind what the event loop is doing; from any thread. */
    void later(Runnable action) {
        context.runOnContext(now -> action.run());
    }

    void timer(long delayMs, Runnable action) {
        context.owner().setTimer(delayMs, due -> action.run());
    }
}
