package dev.lastcall.proxy;

import dev.lastcall.drain.EntryClass;
import dev.lastcall.http.Exchange;
import dev.lastcall.http.ServedConnection;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.http.impl.HttpResponseHead;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One exchange between a client and the application. It ends once, by whatever comes first: the answer's end, the client's leaving, the
 * application's failure, a time limit, the drain. Whatever comes later finds it over. Its parts tell it what happens and are told what to
 * do; none of them knows it but as a listener. On the event loop.
 */
final class Relay extends Exchange
        implements ApplicationCall.Listener, Failure.Listener, Download.Listener, TimeoutScanner.Listener {
    private static final long INTERNAL_ERROR = 2;

    private final ProxyLoop loop;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final RequestCheck check;
    private final TimeoutScanner.Watch watch;
    private final Upload upload;
    private final RequestSender sender;
    private final ApplicationCall call;
    private final ClientConnection client;
    private @Nullable Download download;
    private boolean over;

    Relay(HttpServerRequest request, ServedConnection connection, ProxyLoop loop) {
        super(request, connection);
        this.loop = loop;
        this.request = request;
        response = request.response();
        check = RequestCheck.of(request, loop.settings().maxBody());
        watch = loop.limits().watch(this);
        upload =
                new Upload(this, request, watch, check.length(), loop.settings().maxBody());
        sender = new RequestSender(this, loop, request, upload);
        client = ClientConnection.of(request);
        if (ExtendedConnects.protocolOf(request) != null) {
            // What the client says before it is answered is for whoever takes the stream then.
            request.pause();
        }
        call = new ApplicationCall(loop, this, sender, client.roomFor(request));
    }

    /** It was not admitted, and has been answered. */
    void refused() {
        over = true;
        watch.stop();
    }

    @Override
    protected void refuse() {
        if (Grpc.isCall(request)) {
            Grpc.refuse(response);
        } else {
            super.refuse();
        }
    }

    @Override
    protected boolean asksForWebSocket(MultiMap headers) {
        return ExtendedConnects.isWebSocket(request) || super.asksForWebSocket(headers);
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
            failed(check.failure(), check.detail());
        } else if (check.isForUs()) {
            answerOurselves();
        } else {
            if (Grpc.isCall(request)) {
                onCancelled(this::told);
            }
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
    public void informed(HttpResponse head) {
        watch.touch();
        Interim.pass(head, request);
    }

    @Override
    public void answered(HttpResponseHead head, HttpClientStream stream, UpstreamConnection connection) {
        watch.touch();
        sender.end();
        AnswerHead answer = new AnswerHead(head, request);
        String fault = sender.faultOf(head);
        if (fault == null) {
            fault = answer.fault(sender.upgrades());
        }
        if (fault != null) {
            failed(Failure.BAD_GATEWAY, fault);
        } else if (!answer.tryCopyTo(response)) {
            failed(Failure.BAD_GATEWAY, "the application's answer has a header field that cannot be passed on");
        } else if (answer.upgrades()) {
            tunnel(answer, connection);
        } else {
            deliver(answer, stream, connection);
        }
    }

    /** The exchange goes on as a WebSocket, and ends with the client's connection. */
    private void tunnel(AnswerHead answer, UpstreamConnection connection) {
        over = true;
        call.end();
        watch.stop();
        if (request.version() == HttpVersion.HTTP_2) {
            tunnelStream(connection);
            return;
        }
        client.dismiss();
        answer.acceptUpgrade(response);
        Tunnel tunnel = new Tunnel(client.channel(), connection.takeOver(), this::abandoned);
        tunnel.take();
        request.toNetSocket().onComplete(switched -> {
            tunnel.start();
            onCancelled(tunnel::end);
        });
    }

    /** The same for a stream: it ends with that, and its connection goes on. */
    private void tunnelStream(UpstreamConnection connection) {
        ExtendedConnects.accepted(request);
        AnswerHead.acceptConnect(response);
        StreamChannel stream = new StreamChannel(request, this::writing);
        Tunnel tunnel = new Tunnel(stream, connection.takeOver(), this::abandoned);
        tunnel.take();
        stream.begin();
        response.writeHead();
        tunnel.start();
        stream.closeFuture().addListener(closed -> client.exchangeEnded());
        onCancelled(tunnel::end);
    }

    /** The stream's client may take never what is being written: the watch is stopped when it has. */
    private TimeoutScanner.Watch writing() {
        TimeoutScanner.Watch taking = loop.limits().watch(this);
        taking.writing();
        return taking;
    }

    private void deliver(AnswerHead answer, HttpClientStream stream, UpstreamConnection connection) {
        if (sender.waits() || answer.endsWithConnection()) {
            leave();
        }
        if (sender.upgrades()) {
            entry().become(EntryClass.UNARY);
        }
        announce();
        download = new Download(this, response, connection, stream, watch, answer);
        download.begin();
        if (download.isStream() && !answer.isGrpc()) {
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
            TimeoutScanner.Watch taking = writing();
            response.end(last, taken -> taking.stop());
        } else if (request.version() == HttpVersion.HTTP_2) {
            // Without a body the head, or the trailers, are the end: no empty frame follows them.
            response.end();
        } else {
            response.end(last, null);
        }
    }

    /**
     * Ends a stream between two events: its client sees a proper end, and asks another instance for the rest. A model's answer is broken off
     * there: a proper end would make half an answer of it.
     */
    private void told() {
        if (over) {
            return;
        }
        if (download != null) {
            if (download.endWhenWhole()) {
                endedEarly();
            }
        } else {
            call.reset();
            end();
            announce();
            Grpc.refuse(response);
        }
    }

    @Override
    public void endedEarly() {
        call.reset();
        if (Grpc.isCall(request)) {
            end();
            Grpc.end(response);
        } else if (download != null && download.isModelAnswer()) {
            entry().breakOff();
            end();
            breakOff(Http2Error.CANCEL.code());
        } else {
            whole(Buffer.buffer());
        }
    }

    private void end() {
        over = true;
        sender.end();
        call.end();
        client.exchangeEnded();
        watch.stop();
        if (!upload.isOver()) {
            leave();
            call.reset();
            upload.stop();
        } else if (sender.upgrades()) {
            // A request that was to become a WebSocket has no end, and its connection no further use.
            call.reset();
        }
    }

    /** Answers with a problem, or breaks off the answer that has begun. */
    @Override
    public void failed(Failure failure, String detail) {
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
            breakOff(INTERNAL_ERROR);
        } else {
            Buffer body = failure.on(response, detail);
            announce();
            response.end(body, null);
        }
    }

    private void breakOff(long code) {
        breakOff();
        if (request.version() == HttpVersion.HTTP_2) {
            // Before it: the reset ends the stream, and would look as if the client had left.
            abandoned();
            response.reset(code);
        } else {
            response.reset(code);
            // Behind it: what closes a connection once its last exchange has ended would close it properly.
            abandoned();
        }
    }

    /** A client that speaks HTTP/2 learns the code itself. */
    @Override
    public void reset(long code) {
        if (request.version() != HttpVersion.HTTP_2) {
            failed(Failure.BAD_GATEWAY, "the application reset the request");
        } else if (!over) {
            end();
            breakOff(code);
        }
    }

    /** A client that speaks HTTP/2 learns it as it is, and most send the request again by themselves. */
    @Override
    public void unprocessed() {
        if (request.version() == HttpVersion.HTTP_2) {
            reset(Http2Error.REFUSED_STREAM.code());
        } else {
            failed(Failure.UNREACHABLE, "the application closes its connection and has not taken the request");
        }
    }

    private void clientFailed(Throwable cause) {
        if (cause instanceof StreamResetException reset) {
            call.reset(reset.getCode());
            clientGone();
        } else if (cause instanceof HttpClosedException || cause instanceof IOException) {
            clientGone();
        } else if (!over) {
            failed(Failure.BAD_REQUEST, "the body's chunks cannot be read");
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
        boolean ofClient = download == null && upload.awaitsClient() && !sender.waits();
        if (ofClient) {
            failed(Failure.REQUEST_TIMEOUT, "the rest of the request's body did not come in time");
        } else {
            failed(Failure.GATEWAY_TIMEOUT, "the application did not answer in time");
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

    private void onCancelled(Runnable action) {
        entry().onCancelled(() -> loop.later(action));
    }
}
