package dev.lastcall.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** Whether a request asks to become a WebSocket (RFC 9110, 7.8; RFC 6455, 4.2.1). Stateless. */
public final class WebSocketUpgrade {
    private WebSocketUpgrade() {}

    /** Whether one of the protocols of {@code Upgrade} is {@code websocket}, and {@code Connection} says that the field is meant for us. */
    public static boolean isAskedBy(MultiMap headers) {
        // Most have none: a look for one is cheaper than a list of all.
        return headers.contains(HttpHeaders.UPGRADE)
                && names(headers.getAll(HttpHeaders.UPGRADE), "websocket")
                && names(headers.getAll(HttpHeaders.CONNECTION), "upgrade");
    }

    private static boolean names(List<String> values, String wanted) {
        for (String value : values) {
            for (String token : value.split(",", -1)) {
                if (token.strip().equalsIgnoreCase(wanted)) {
                    return true;
                }
            }
        }
        return false;
    }
}
