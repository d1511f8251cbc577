package dev.lastcall.proxy;

import dev.lastcall.drain.EntryClass;
import dev.lastcall.http.Exchange;
import dev.lastcall.http.ServedConnection;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.http.impl.HttpRequestHead;
import io.vertx.core.http.impl.HttpResponseHead;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One exchange between a client and the application. It ends once, by whatever comes first: the answer's end, the client's leaving, the
 * application's failure, a time limit, the drain. Whatever comes later finds it over. Its parts tell it what happens and are told what to
 * do; none of them knows another. On the event loop.
 */
final class Relay extends Exchange
        implements ApplicationCall.Listener,
                Upload.Listener,
                Download.Listener,
                Tunnel.Listener,
                TimeoutScanner.Listener {
    /** An application that knows nothing of {@code Expect} reads on without a word. */
    private static final long CONTINUE_MS = 1000;

    private static final long INTERNAL_ERROR = 2;

    private final ProxyLoop loop;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final RequestCheck check;
    private final Upload upload;
    private final ApplicationCall call;
    private final ClientConnection client;
    private final TimeoutScanner.Watch watch;
    private final boolean upgrades;

    private @Nullable Download download;
    private boolean waits;
    private boolean over;

    Relay(HttpServerRequest request, ServedConnection connection, ProxyLoop loop) {
        super(request, connection);
        this.loop = loop;
        this.request = request;
        response = request.response();
        check = RequestCheck.of(request, loop.settings().maxBody());
        upload = new Upload(this, request, check.length(), loop.settings().maxBody());
        client = ClientConnection.of(request);
        upgrades = Upgrades.isWebSocket(request) && upload.isEmpty();
        waits = !upload.isEmpty() && request.version() != HttpVersion.HTTP_1_0 && expectsContinue(request.headers());
        call = new ApplicationCall(loop, this, request.method(), !upload.isEmpty(), client.roomFor(request));
        watch = loop.limits().watch(this);
    }

    /** It was not admitted, and has been answered. */
    void refused() {
        over = true;
        watch.stop();
    }

    /** It is the application that says whether a body may be sent. */
    @Override
    protected void invite(MultiMap headers) {}

    void begin() {
        client.exchangeBegan();
        response.exceptionHandler(this::clientFailed);
        response.closeHandler(closed -> clientGone());
        // Inside end(), before the server closes the connection of a client that asked for that.
        response.endHandler(ended -> ended());
        if (!client.isOpen()) {
            // It died while this was admitted: nobody is there to be served.
            clientGone();
        } else if (check.failure() != null) {
            fail(check.failure(), check.detail());
        } else if (check.isForUs()) {
            answerOurselves();
        } else {
            call.begin();
        }
    }

    /** The last hop that {@code Max-Forwards} allows is this one (RFC 9110, 7.6.2). */
    private void answerOurselves() {
        end();
        response.setStatusCode(200).putHeader(HttpHeaders.CONTENT_LENGTH, "0");
        announce();
        response.end(Buffer.buffer(), null);
    }

    @Override
    public void connecting() {
        upload.hold();
    }

    @Override
    public void connected(HttpClientStream stream, UpstreamConnection connection) {
        HttpRequestHead head;
        try {
            head = RequestHead.of(request, loop.settings().upstream(), upgrades);
        } catch (IllegalArgumentException e) {
            fail(Failure.BAD_REQUEST, "a header field cannot be written in HTTP/1.1");
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

    @Override
    public void invited() {
        if (waits && !over && download == null) {
            waits = false;
            response.writeContinue();
            upload.proceed();
        }
    }

    @Override
    public void informed(HttpResponse head) {
        watch.touch();
        Interim.pass(head, request);
    }

    @Override
    public void answered(HttpResponseHead head, HttpClientStream stream, UpstreamConnection connection) {
        watch.touch();
        AnswerHead answer = new AnswerHead(head, request);
        String fault = answer.fault(upgrades);
        if (fault != null) {
            fail(Failure.BAD_GATEWAY, fault);
        } else if (answer.upgrades()) {
            tunnel(answer, connection);
        } else if (copy(answer)) {
            deliver(answer, stream, connection);
        }
    }

    private boolean copy(AnswerHead answer) {
        try {
            answer.copyTo(response);
            return true;
        } catch (IllegalArgumentException e) {
            fail(Failure.BAD_GATEWAY, "the application's answer has a header field that cannot be passed on");
            return false;
        }
    }

    /** The exchange goes on as a WebSocket, and ends with the client's connection. */
    private void tunnel(AnswerHead answer, UpstreamConnection connection) {
        if (!copy(answer)) {
            return;
        }
        over = true;
        call.end();
        watch.stop();
        client.dismiss();
        answer.acceptUpgrade(response);
        Tunnel tunnel = new Tunnel(this, client.channel(), connection.takeOver());
        tunnel.take();
        request.toNetSocket().onComplete(switched -> {
            tunnel.start();
            onCancelled(tunnel::end);
        });
    }

    private void deliver(AnswerHead answer, HttpClientStream stream, UpstreamConnection connection) {
        if (waits || answer.endsWithConnection()) {
            leave();
        }
        if (upgrades) {
            entry().become(EntryClass.UNARY);
        }
        announce();
        download = new Download(this, response, connection, watch, answer);
        download.begin(stream);
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

    @Override
    public void readComplete() {
        if (download != null) {
            download.flushHead();
        }
    }

    @Override
    public void whole(Buffer last) {
        end();
        if (request.version() == HttpVersion.HTTP_2 && last.length() > 0) {
            // The stream's client may take these bytes never.
            TimeoutScanner.Watch taking = loop.limits().watch(this);
            taking.writing();
            response.end(last, taken -> taking.stop());
        } else {
            response.end(last, null);
        }
    }

    /** Ends a stream between two events: its client sees a proper end, and asks another instance for the rest. */
    private void told() {
        if (!over && download != null && download.endWhenWhole()) {
            endedEarly();
        }
    }

    @Override
    public void endedEarly() {
        call.reset();
        whole(Buffer.buffer());
    }

    private void end() {
        over = true;
        call.end();
        client.exchangeEnded();
        watch.stop();
        if (!upload.isOver()) {
            leave();
            call.reset();
            upload.stop();
        } else if (upgrades) {
            // A request that was to become a WebSocket has no end, and its connection no further use.
            call.reset();
        }
    }

    /** Answers with a problem, or breaks off the answer that has begun. */
    private void fail(Failure failure, String detail) {
        if (over) {
            return;
        }
        boolean begun = response.headWritten();
        call.reset();
        if (check.failure() == Failure.BAD_REQUEST) {
            leave();
        }
        end();
        if (begun) {
            breakOff();
            response.reset(INTERNAL_ERROR);
            // Behind it: what closes a connection once its last exchange has ended would close it properly.
            abandoned();
            return;
        }
        Buffer body = failure.on(response, detail);
        announce();
        response.end(body, null);
    }

    @Override
    public void failed(Failure failure, String detail) {
        fail(failure, detail);
    }

    @Override
    public void unacceptable(Failure failure, String detail) {
        fail(failure, detail);
    }

    private void clientFailed(Throwable cause) {
        if (cause instanceof HttpClosedException
                || cause instanceof StreamResetException
                || cause instanceof IOException) {
            clientGone();
        } else if (!over) {
            fail(Failure.BAD_REQUEST, "the body's chunks cannot be read");
            // The server closes the connection next, without a look at what is unwritten.
            client.flush();
        }
    }

    private void clientGone() {
        if (!over) {
            call.reset();
            end();
            ended();
        }
    }

    @Override
    public void timedOut() {
        boolean ofClient = download == null && upload.awaitsClient() && !waits;
        if (ofClient) {
            fail(Failure.REQUEST_TIMEOUT, "the rest of the request's body did not come in time");
        } else {
            fail(Failure.GATEWAY_TIMEOUT, "the application did not answer in time");
        }
    }

    /** It is the client that takes nothing: it has left, as far as one can tell. */
    @Override
    public void stalled() {
        call.reset();
        if (!over) {
            end();
        }
        client.stalled(request);
        ended();
    }

    @Override
    public void uploaded() {
        watch.touch();
    }

    @Override
    public void downloaded() {
        watch.touch();
    }

    /** Its client did not leave. */
    @Override
    public void closedByApplication() {
        abandoned();
    }

    @Override
    public void answerOverdue() {
        cut();
    }

    private void onCancelled(Runnable action) {
        entry().onCancelled(() -> loop.later(action));
    }
}
