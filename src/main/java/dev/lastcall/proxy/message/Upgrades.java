package dev.lastcall.proxy.message;

import dev.lastcall.http.WebSocketUpgrade;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;

/** The protocols that {@code Upgrade} asks for. Stateless. */
public final class Upgrades {
    private static final String H2C = "h2c";

    private Upgrades() {}

    /** Whether a request is to become a WebSocket; alone {@code Upgrade} asks for nothing (RFC 9110, 7.8). */
    public static boolean isWebSocket(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2
                ? ExtendedConnects.isWebSocket(request)
                : request.version() == HttpVersion.HTTP_1_1
                        && request.method().equals(HttpMethod.GET)
                        && WebSocketUpgrade.isAskedBy(request.headers());
    }

    /**
     * RFC 9113 dropped the upgrade to HTTP/2, a server may ignore it, and a JDK 17 that made it by itself fails whatever is in flight at the
     * first GOAWAY.
     */
    public static void ignoreH2c(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.UPGRADE)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        boolean found = false;
        for (String value : headers.getAll(HttpHeaderNames.UPGRADE)) {
            for (String protocol : value.split(",", -1)) {
                if (protocol.strip().equalsIgnoreCase(H2C)) {
                    found = true;
                } else if (!protocol.isBlank()) {
                    kept.add(protocol.strip());
                }
            }
        }
        if (found) {
            headers.remove(HttpHeaderNames.UPGRADE);
            if (!kept.isEmpty()) {
                headers.set(HttpHeaderNames.UPGRADE, String.join(", ", kept));
            }
        }
    }
}
