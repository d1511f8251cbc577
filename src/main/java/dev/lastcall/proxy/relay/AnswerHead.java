package dev.lastcall.proxy.relay;

import dev.lastcall.http.EventBoundary;
import dev.lastcall.http.StreamBoundary;
import dev.lastcall.http.StreamTypes;
import dev.lastcall.proxy.message.Framing;
import dev.lastcall.proxy.message.Grpc;
import dev.lastcall.proxy.message.HopByHop;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpResponseHead;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An answer's head as the client gets it. */
record AnswerHead(HttpResponseHead head, HttpServerRequest request) {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /** Why it cannot be passed on; null: it can. */
    @Nullable
    String fault(boolean asked) {
        if (isInformational() && !(asked && upgrades())) {
            return "the application answered with an unexpected status " + head.statusCode;
        }
        if (!head.headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
            return null;
        }
        List<String> encodings = head.headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        boolean chunked = encodings.size() == 1 && isChunked(encodings.get(0));
        return chunked ? null : "the application answered with a Transfer-Encoding other than chunked";
    }

    private static boolean isChunked(String encoding) {
        return encoding.strip().equalsIgnoreCase("chunked");
    }

    /** The Content-Type of a stream whose events can be told apart; null: it is none, or an encoding hides them. */
    @Nullable
    String eventType() {
        String type = head.headers.get(HttpHeaders.CONTENT_TYPE);
        String encoding = head.headers.get(HttpHeaders.CONTENT_ENCODING);
        boolean plain = encoding == null || encoding.strip().equalsIgnoreCase("identity");
        return StreamTypes.isStream(type) && plain && length() == Framing.UNKNOWN ? type : null;
    }

    /** Returns the test for places at which the answer may be ended before its end; null: there is none. */
    @Nullable
    StreamBoundary boundary() {
        if (isGrpc()) {
            return new MessageBoundary();
        }
        String type = eventType();
        return type == null ? null : new EventBoundary(type);
    }

    boolean isGrpc() {
        return Grpc.isCall(request) && Grpc.isType(head.headers.get(HttpHeaders.CONTENT_TYPE));
    }

    /** Whether it is a gRPC status that comes without any message: its clients look for it in the head only where that is the end, too. */
    boolean isStatusAlone() {
        return isGrpc() && head.headers.contains(Grpc.STATUS);
    }

    boolean upgrades() {
        return head.statusCode == SWITCHING_PROTOCOLS;
    }

    private boolean isInformational() {
        return head.statusCode < 200;
    }

    /** Returns the length of the body: 0 without one, {@link Framing#UNKNOWN} where only its end tells. */
    long length() {
        boolean none = request.method().equals(HttpMethod.HEAD)
                || head.statusCode == NO_CONTENT
                || head.statusCode == NOT_MODIFIED
                || isInformational();
        String length = head.headers.get(HttpHeaders.CONTENT_LENGTH);
        return none ? 0 : length != null ? Long.parseLong(length) : Framing.UNKNOWN;
    }

    /** Whether the body ends with the connection, as for an HTTP/1.0 client. */
    boolean endsWithConnection() {
        return request.version() == HttpVersion.HTTP_1_0 && length() == Framing.UNKNOWN;
    }

    /** False where it has a field that cannot be written. */
    boolean tryCopyTo(HttpServerResponse response) {
        try {
            copyTo(response);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void copyTo(HttpServerResponse response) {
        response.setStatusCode(head.statusCode);
        boolean words = request.version() != HttpVersion.HTTP_2;
        if (words && !response.getStatusMessage().equals(head.statusMessage)) {
            response.setStatusMessage(head.statusMessage);
        }
        copyFields(head.headers, response.headers());
        if (length() == Framing.UNKNOWN && request.version() == HttpVersion.HTTP_1_1) {
            response.setChunked(true);
        }
    }

    static void copyFields(MultiMap from, MultiMap to) {
        Set<String> named = HopByHop.namedBy(from);
        for (Map.Entry<String, String> field : from) {
            String name = field.getKey();
            if (!HopByHop.isHopByHop(name) && (named.isEmpty() || !named.contains(name.toLowerCase(Locale.ROOT)))) {
                to.add(name, field.getValue());
            }
        }
    }
}
