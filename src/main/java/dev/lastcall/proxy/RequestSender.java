package dev.lastcall.proxy;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.http.impl.HttpRequestHead;

/** A request on its way to the application: its head, and its body when that may be sent. On the event loop. */
final class RequestSender {
    /** An application that knows nothing of {@code Expect} reads on without a word. */
    private static final long CONTINUE_MS = 1000;

    private final Failure.Listener listener;
    private final ProxyLoop loop;
    private final HttpServerRequest request;
    private final Upload upload;
    private final boolean upgrades;
    private final boolean http2;
    private boolean waits;
    private boolean over;

    RequestSender(Failure.Listener listener, ProxyLoop loop, HttpServerRequest request, Upload upload) {
        this.listener = listener;
        this.loop = loop;
        this.request = request;
        this.upload = upload;
        upgrades = Upgrades.isWebSocket(request) && upload.isEmpty();
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

    void send(HttpClientStream stream, UpstreamConnection connection) {
        HttpRequestHead head;
        try {
            head = RequestHead.of(request, loop.settings().upstream(), upgrades, http2);
        } catch (IllegalArgumentException e) {
            listener.failed(Failure.BAD_REQUEST, "a header field cannot be written in HTTP/1.1");
            return;
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
    }
}
