package dev.lastcall.agent;

import dev.lastcall.http.WebSocketUpgrade;
import dev.lastcall.problem.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is no opening of a WebSocket (RFC 6455, 4.2.1) by an error. Vert.x takes any key, old versions, HTTP/1.0 and a body whose bytes
 * it then reads as frames, and has no words for what it refuses. A request without {@code Upgrade} is left to the routes. Stateless.
 */
final class SocketOpening {
    private static final String KEY = "Sec-WebSocket-Key";
    private static final String WEBSOCKET = "websocket";
    private static final String VERSION = "Sec-WebSocket-Version";
    private static final String THE_VERSION = "13";
    private static final int KEY_BYTES = 16;
    /** The most characters of what the client wrote, in the answer. */
    private static final int LONGEST = 100;
    /** The order of the route: behind the gate, before the upgrade. */
    private static final int ORDER = -1;

    void register(@Observes Router router) {
        router.route(AgentSocket.PATH).order(ORDER).handler(SocketOpening::check);
    }

    private static void check(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (!request.headers().contains(HttpHeaders.UPGRADE)) {
            routing.next();
            return;
        }
        List<String> versions = request.headers().getAll(VERSION);
        String fault = fault(request);
        if (fault != null) {
            Problem.of(400, fault).send(request.response());
        } else if (!versions.equals(List.of(THE_VERSION))) {
            // A 426 names the protocol that it asks for (RFC 9110, 15.5.22).
            request.response()
                    .putHeader(VERSION, THE_VERSION)
                    .putHeader(HttpHeaders.UPGRADE, WEBSOCKET)
                    .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
            Problem.of(426, VERSION + ": " + shown(versions) + " (expected: " + THE_VERSION + ")")
                    .send(request.response());
        } else {
            // Others that the client would take as well are none that Vert.x knows.
            request.headers().set(HttpHeaders.UPGRADE, WEBSOCKET);
            routing.next();
        }
    }

    private static @Nullable String fault(HttpServerRequest request) {
        MultiMap headers = request.headers();
        if (!request.method().equals(HttpMethod.GET)) {
            return "method: " + request.method() + " (expected: GET, which opens a WebSocket)";
        }
        if (request.version() != HttpVersion.HTTP_1_1) {
            return "HTTP version: " + request.version().alpnName() + " (expected: HTTP/1.1, which opens a WebSocket)";
        }
        if (!WebSocketUpgrade.isAskedBy(headers)) {
            return "upgrade: " + shown(headers.getAll(HttpHeaders.UPGRADE)) + " with connection: "
                    + shown(headers.getAll(HttpHeaders.CONNECTION)) + " (expected: websocket with upgrade)";
        }
        String length = headers.get(HttpHeaders.CONTENT_LENGTH);
        if (headers.contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"))) {
            return "body: there is one (expected: none, since frames follow the head)";
        }
        List<String> keys = headers.getAll(KEY);
        return keys.size() == 1 && isKey(keys.get(0).strip())
                ? null
                : KEY + ": " + shown(keys) + " (expected: " + KEY_BYTES + " bytes in Base64)";
    }

    private static boolean isKey(String value) {
        try {
            return Base64.getDecoder().decode(value).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String shown(List<String> values) {
        String all = values.isEmpty() ? "missing" : String.join(", ", values);
        return all.length() > LONGEST ? all.substring(0, LONGEST) + "…" : all;
    }
}
