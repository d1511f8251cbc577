package dev.lastcall.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.Field;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Quarkus' handler of every request on its main port. There is no public way to put anything before it, hence the reflection: the version
 * is pinned, and one in which the handler is elsewhere fails the start instead of serving without a gate.
 */
@RegisterForReflection(targets = VertxHttpRecorder.class, methods = false)
final class MainPort {
    private static final String ROOT = "rootHandler";

    private MainPort() {}

    /** Once for each start, when the router is complete and the port not open yet. */
    static void wrap(UnaryOperator<Handler<HttpServerRequest>> wrapper) {
        try {
            Field field = VertxHttpRecorder.class.getDeclaredField(ROOT);
            field.setAccessible(true);
            field.set(null, wrapper.apply(handlerIn(field.get(null))));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    VertxHttpRecorder.class.getName() + '.' + ROOT
                            + ": missing (expected: Quarkus 3.33's root handler)",
                    e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Handler<HttpServerRequest> handlerIn(@Nullable Object root) {
        if (root instanceof Handler<?> handler) {
            return (Handler<HttpServerRequest>) handler;
        }
        throw new IllegalStateException(
                VertxHttpRecorder.class.getName() + '.' + ROOT + ": " + root + " (expected: the finished router)");
    }
}
