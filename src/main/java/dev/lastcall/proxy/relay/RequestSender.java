package dev.lastcall.proxy.relay;

import dev.lastcall.proxy.message.Upgrades;
import dev.lastcall.proxy.message.WebSocketKey;
import dev.lastcall.proxy.upstream.UpstreamConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.http.impl.HttpRequestHead;
import io.vertx.core.http.impl.HttpResponseHead;
import org.jspecify.annotations.Nullable;

/** A request on its way to the application: its head, and its body when that may be sent. On the event loop. */
final class RequestSender {
    /** An application that knows nothing of {@code Expect} reads on without a word. */
    private static final long CONTINUE_MS = 1000;

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int FIRST_REDIRECTION = 300;

    private final Failure.Listener listener;
    private final ProxyLoop loop;
    private final HttpServerRequest request;
    private final Upload upload;
    private final boolean upgrades;
    private final boolean http2;
    private final @Nullable WebSocketKey key;
    private @Nullable HttpRequestHead sent;
    private boolean waits;
    private boolean over;

    RequestSender(Failure.Listener listener, ProxyLoop loop, HttpServerRequest request, Upload upload) {
        this.listener = listener;
        this.loop = loop;
        this.request = request;
        this.upload = upload;
        upgrades = Upgrades.isWebSocket(request) && upload.isEmpty();
        key = upgrades && request.version() == HttpVersion.HTTP_2 ? WebSocketKey.create() : null;
        http2 = !upgrades && loop.settings().protocol().isHttp2For(request);
        waits = !upload.isEmpty()
                && request.version() != HttpVersion.HTTP_1_0
                && request.headers().contains(HttpHeaders.EXPECT);
    }

    HttpMethod method() {
        return request.method();
    }

    boolean hasBody() {
        return !upload.isEmpty();
    }

    /** Whether it asks for a WebSocket. */
    boolean upgrades() {
        return upgrades;
    }

    boolean goesByHttp2() {
        return http2;
    }

    /** Whether the client still waits for a 100 (Continue). */
    boolean waits() {
        return waits;
    }

    /** It has to wait for a connection: nothing of its body can be taken. */
    void connecting() {
        upload.hold();
    }

    /** Why an answer's head is none to what was asked; null: it may be one. */
    @Nullable
    String faultOf(HttpResponseHead head) {
        if (key == null || head.statusCode >= FIRST_REDIRECTION) {
            return null;
        }
        if (head.statusCode != SWITCHING_PROTOCOLS) {
            // To the client of a CONNECT any 2xx is the WebSocket itself.
            return "the application answered the opening of a WebSocket with status " + head.statusCode;
        }
        return key.isAcceptedBy(head.headers)
                ? null
                : "the application switched to something other than the WebSocket it was asked for";
    }

    void send(HttpClientStream stream, UpstreamConnection connection) {
        HttpRequestHead head;
        try {
            head = RequestHead.of(request, loop.settings().upstream(), upgrades, http2);
        } catch (IllegalArgumentException e) {
            listener.failed(Failure.BAD_REQUEST, "a header field cannot be written in HTTP/1.1");
            return;
        }
        sent = head;
        if (key != null) {
            key.putOn(head.headers);
        }
        if (upgrades) {
            stream.writeHead(head, false, null, false, null, true, null);
        } else if (waits) {
            head.headers.set(HttpHeaders.EXPECT, HttpHeaders.CONTINUE);
            upload.beginWaiting(stream, connection, head);
            loop.timer(CONTINUE_MS, this::invited);
        } else {
            upload.begin(stream, connection, head);
            if (!upload.isOver()) {
                loop.later(upload::flushHead);
            }
        }
    }

    /** Returns the HTTP/2 stream that the head was to be written on; 0: it waits for its first bytes. */
    int streamId() {
        return sent == null ? 0 : sent.id();
    }

    /** Whether all that was sent can be sent again. */
    boolean canRewind() {
        return upload.canRewind();
    }

    /** The application has done nothing of it: the next {@link #send} begins anew. */
    void rewind() {
        sent = null;
        upload.rewind();
    }

    /** The application asks for the body. */
    void invited() {
        if (waits && !over) {
            waits = false;
            request.response().writeContinue();
            upload.proceed();
        }
    }

    /** The answer has begun, or there is none: nobody is invited any more. */
    void end() {
        over = true;
        upload.forgetSent();
    }
}
