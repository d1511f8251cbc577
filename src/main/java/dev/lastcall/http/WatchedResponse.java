package dev.lastcall.http;

import io.quarkus.vertx.http.runtime.filters.AbstractResponseWrapper;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x keeps one handler of each kind, and whoever comes last has it: REST's event streams do. So the real ones are the exchange's, and
 * those of all others are called by them, before it.
 */
final class WatchedResponse extends AbstractResponseWrapper {
    private volatile @Nullable Handler<Void> head;
    private volatile @Nullable Handler<Void> end;
    private volatile @Nullable Handler<Void> close;
    private volatile @Nullable Handler<Throwable> exception;

    WatchedResponse(HttpServerResponse response, Exchange exchange) {
        super(response);
        response.headersEndHandler(written -> {
            call(head);
            exchange.head();
        });
        response.endHandler(ended -> {
            call(end);
            exchange.ended();
        });
        response.closeHandler(closed -> {
            call(close);
            exchange.ended();
        });
        response.exceptionHandler(failure -> {
            Handler<Throwable> told = exception;
            if (told != null) {
                told.handle(failure);
            }
            exchange.ended();
        });
    }

    private static void call(@Nullable Handler<Void> handler) {
        if (handler != null) {
            handler.handle(null);
        }
    }

    @Override
    public HttpServerResponse headersEndHandler(@Nullable Handler<Void> handler) {
        head = handler;
        return this;
    }

    @Override
    public HttpServerResponse endHandler(@Nullable Handler<Void> handler) {
        end = handler;
        return this;
    }

    @Override
    public HttpServerResponse closeHandler(@Nullable Handler<Void> handler) {
        close = handler;
        return this;
    }

    @Override
    public HttpServerResponse exceptionHandler(@Nullable Handler<Throwable> handler) {
        exception = handler;
        return this;
    }
}
