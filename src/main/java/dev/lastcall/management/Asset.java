package dev.lastcall.management;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A static file of the console. */
final class Asset implements Handler<RoutingContext> {
    private final String type;
    private final Buffer content;

    /** @param resource its place on the class path */
    Asset(String resource, String type) {
        this.type = type;
        content = read(resource);
    }

    static Buffer read(String resource) {
        try (InputStream in = Asset.class.getResourceAsStream("/" + resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + ": not on the class path");
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void handle(RoutingContext exchange) {
        exchange.response()
                .putHeader("Content-Type", type)
                .putHeader("X-Content-Type-Options", "nosniff")
                // With the page a new version must come at once.
                .putHeader("Cache-Control", "no-cache")
                .end(content);
    }
}
