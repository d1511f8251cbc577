package dev.lastcall.proxy;

import dev.lastcall.drain.EntryClass;
import dev.lastcall.http.Exchange;
import dev.lastcall.http.ServedConnection;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.http.impl.HttpRequestHead;
import io.vertx.core.http.impl.HttpServerConnection;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One exchange between a client and the application. It ends once, by whatever comes first: the answer's end, the client's leaving, the
 * application's failure, a time limit, the drain. Whatever comes later finds it over. On the event loop.
 */
final class Relay extends Exchange {
    /** An application that knows nothing of {@code Expect} reads on without a word. */
    private static final long CONTINUE_MS = 1000;

    private static final long INTERNAL_ERROR = 2;
    private static final long CANCEL = 8;
    /** May be sent again after a connection that died without an answer (RFC 9110, 9.2.2). */
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.DELETE, HttpMethod.TRACE);

    private final ProxyVerticle lane;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Framing framing;
    private final Upload upload;
    private final boolean upgrades;
    private final long began;
    private long lastActive;
    /** Where the patrol has it; negative: nowhere. */
    int place = -1;

    private @Nullable HttpClientStream upstream;
    private @Nullable Download download;
    private boolean waits;
    private boolean mayRetry;
    private boolean over;

    Relay(HttpServerRequest request, ServedConnection connection, ProxyVerticle lane) {
        super(request, connection);
        this.lane = lane;
        this.request = request;
        response = request.response();
        framing = Framing.of(request);
        upload = new Upload(this, request, framing.length(), lane.settings().maxBody());
        boolean http11 = request.version() == HttpVersion.HTTP_1_1;
        upgrades = http11 && request.method().equals(HttpMethod.GET) && upload.isEmpty() && wantsWebSocket(request);
        waits = request.version() != HttpVersion.HTTP_1_0 && !upload.isEmpty() && expectsContinue(request.headers());
        began = lane.patrol().now();
        lastActive = began;
    }

    private static boolean wantsWebSocket(HttpServerRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    }

    /** It is the application that says whether a body may be sent. */
    @Override
    protected void invite(MultiMap headers) {}

    void begin() {
        clock().exchangeBegan();
        response.exceptionHandler(this::clientFailed);
        response.closeHandler(closed -> clientGone());
        // Inside end(), before the server closes the connection of a client that asked for that.
        response.endHandler(ended -> ended());
        if (framing.fault() != null) {
            fail(Failure.BAD_REQUEST, framing.fault());
        } else if (framing.length() > lane.settings().maxBody()) {
            fail(Failure.TOO_LARGE, Upload.tooLarge(lane.settings().maxBody()));
        } else {
            lane.patrol().add(this);
            UpstreamConnection idle = lane.pool().idle();
            if (idle != null) {
                start(idle);
            } else {
                connect();
            }
        }
    }

    private HeadClock clock() {
        return HeadClock.of(((HttpServerConnection) request.connection()).channel());
    }

    private void connect() {
        upload.hold();
        lane.pool().connect().onComplete(connected -> {
            if (connected.succeeded()) {
                start(connected.result());
            } else {
                unreachable(connected.cause());
            }
        });
    }

    private void unreachable(Throwable cause) {
        boolean late = cause instanceof ConnectTimeoutException;
        fail(late ? Failure.GATEWAY_TIMEOUT : Failure.UNREACHABLE, "the application accepts no connection");
    }

    private void start(UpstreamConnection connection) {
        if (over) {
            lane.pool().release(connection);
            return;
        }
        boolean reused = connection.isReused();
        mayRetry = reused && upload.isEmpty() && IDEMPOTENT.contains(request.method());
        connection.begin(lane.context(), this::readComplete, begun -> {
            if (begun.succeeded()) {
                send(begun.result(), connection);
            } else if (reused) {
                connect();
            } else {
                unreachable(begun.cause());
            }
        });
    }

    private void send(HttpClientStream stream, UpstreamConnection connection) {
        upstream = stream;
        stream.exceptionHandler(this::upstreamFailed);
        stream.headHandler(head -> answered(new AnswerHead(head, request), connection));
        stream.earlyHintsHandler(hints -> {
            if (!over && request.version() != HttpVersion.HTTP_1_0) {
                response.writeEarlyHints(hints);
            }
        });
        HttpRequestHead head;
        try {
            head = RequestHead.of(request, lane.settings().upstream(), upgrades);
        } catch (IllegalArgumentException e) {
            fail(Failure.BAD_REQUEST, "a header field cannot be written in HTTP/1.1");
            return;
        }
        if (upgrades) {
            stream.writeHead(head, false, null, false, null, true, null);
        } else if (waits) {
            head.headers.set(HttpHeaders.EXPECT, HttpHeaders.CONTINUE);
            stream.continueHandler(asked -> invited());
            upload.beginWaiting(stream, connection, head);
            lane.timer(CONTINUE_MS, this::invited);
        } else {
            upload.begin(stream, connection, head);
        }
    }

    private void invited() {
        if (waits && !over && download == null) {
            waits = false;
            response.writeContinue();
            upload.proceed();
        }
    }

    private void answered(AnswerHead answer, UpstreamConnection connection) {
        if (over) {
            return;
        }
        touch();
        if (answer.upgrades() && upgrades) {
            over = true;
            lane.patrol().remove(this);
            clock().dismiss();
            Tunnel.open(answer, connection, this);
            return;
        }
        if (answer.isInformational()) {
            fail(Failure.BAD_GATEWAY, "the application answered with an unexpected status " + answer.status());
            return;
        }
        try {
            answer.copyTo(response);
        } catch (IllegalArgumentException e) {
            fail(Failure.BAD_GATEWAY, "the application's answer has a header field that cannot be passed on");
            return;
        }
        deliver(answer);
    }

    private void deliver(AnswerHead answer) {
        if (upstream == null) {
            return;
        }
        if (waits || answer.endsWithConnection()) {
            leave();
        }
        if (upgrades) {
            entry().become(EntryClass.UNARY);
        }
        announce();
        download = new Download(this, response, upstream, answer);
        download.begin();
        if (download.isStream()) {
            onCancelled(this::told);
        }
    }

    /** To HTTP/1.0 clients Vert.x has a word of its own in the head, behind which ours must come. */
    private void announce() {
        if (request.version() == HttpVersion.HTTP_1_0) {
            response.headersEndHandler(written -> head());
        } else {
            head();
        }
    }

    private void readComplete() {
        if (!over && download != null) {
            download.flushHead();
        }
    }

    /** The answer is whole with these bytes. */
    void finish(Buffer last) {
        end();
        response.end(last, null);
    }

    /** Ends a stream between two events: its client sees a proper end, and asks another instance for the rest. */
    private void told() {
        if (!over && download != null && download.endWhenWhole()) {
            finishEarly();
        }
    }

    void finishEarly() {
        reset();
        finish(Buffer.buffer());
    }

    private void end() {
        over = true;
        clock().exchangeEnded();
        lane.patrol().remove(this);
        if (!upload.isOver()) {
            leave();
            reset();
            upload.stop();
        }
    }

    /** Answers with a problem, or breaks off the answer that has begun. */
    void fail(Failure failure, String detail) {
        if (over) {
            return;
        }
        boolean begun = response.headWritten();
        over = true;
        reset();
        if (begun) {
            end();
            breakOff();
            response.reset(INTERNAL_ERROR);
            // Behind it: what closes a connection once its last exchange has ended would close it properly.
            abandoned();
            return;
        }
        if (framing.fault() != null) {
            leave();
        }
        end();
        Buffer body = failure.on(response, detail);
        announce();
        response.end(body, null);
    }

    private void reset() {
        HttpClientStream stream = upstream;
        upstream = null;
        if (stream != null) {
            over = true;
            stream.reset(new StreamResetException(CANCEL));
        }
    }

    private void upstreamFailed(Throwable cause) {
        if (over) {
            return;
        }
        if (download == null && mayRetry && (cause instanceof HttpClosedException || cause instanceof IOException)) {
            mayRetry = false;
            upstream = null;
            connect();
        } else {
            fail(Failure.BAD_GATEWAY, "the application gave no answer, or none that can be passed on");
        }
    }

    private void clientFailed(Throwable cause) {
        if (cause instanceof HttpClosedException
                || cause instanceof StreamResetException
                || cause instanceof IOException) {
            clientGone();
        } else if (!over) {
            fail(Failure.BAD_REQUEST, "the body's chunks cannot be read");
            // The server closes the connection next, without a look at what is unwritten.
            lane.flush(request);
        }
    }

    private void clientGone() {
        if (!over) {
            reset();
            end();
            ended();
        }
    }

    void timedOut() {
        boolean client = download == null && upload.awaitsClient() && !waits;
        if (client) {
            fail(Failure.REQUEST_TIMEOUT, "the rest of the request's body did not come in time");
        } else {
            fail(Failure.GATEWAY_TIMEOUT, "the application did not answer in time");
        }
    }

    void touch() {
        lastActive = lane.patrol().now();
    }

    long lastActive() {
        return lastActive;
    }

    long began() {
        return began;
    }

    void later(Runnable action) {
        lane.later(action);
    }

    ProxyVerticle lane() {
        return lane;
    }

    /** The application ended the WebSocket: its client did not leave. */
    void closedByUpstream() {
        abandoned();
    }

    HttpServerRequest client() {
        return request;
    }

    void onCancelled(Runnable action) {
        entry().onCancelled(() -> later(action));
    }
}
