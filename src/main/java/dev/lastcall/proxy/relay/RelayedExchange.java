package dev.lastcall.proxy.relay;

import dev.lastcall.http.Exchange;
import dev.lastcall.http.ServedConnection;
import dev.lastcall.proxy.channel.TimeoutScanner;
import dev.lastcall.proxy.client.ClientConnection;
import dev.lastcall.proxy.message.ExtendedConnects;
import dev.lastcall.proxy.message.Grpc;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;

/**
 * An exchange between a client and the application, which ends once: by the answer's end, the client's leaving, the application's failure, a time
 * limit or the drain, whichever comes first. Later events find it over. On the event loop.
 */
abstract class RelayedExchange extends Exchange
        implements ApplicationCall.Listener, Failure.Listener, TimeoutScanner.Listener {
    private static final long INTERNAL_ERROR = 2;

    private final ProxyLoop loop;
    final HttpServerRequest request;
    final HttpServerResponse response;
    final RequestCheck check;
    final TimeoutScanner.Watch watch;
    final Upload upload;
    final RequestSender sender;
    final ApplicationCall call;
    final ClientConnection client;
    private boolean over;

    RelayedExchange(HttpServerRequest request, ServedConnection connection, ProxyLoop loop) {
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
    public final void refused() {
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

    /** Hears of the client's end from now on. */
    final void listen() {
        client.exchangeBegan();
        response.exceptionHandler(this::clientFailed);
        response.closeHandler(closed -> clientGone());
        // Inside end(), before the server closes the connection of a client that asked for that.
        response.endHandler(ended -> ended());
    }

    /** To HTTP/1.0 clients Vert.x has a word of its own in the head, behind which ours must come. */
    final void announce() {
        if (request.version() == HttpVersion.HTTP_1_0) {
            response.headersEndHandler(written -> head());
        } else {
            head();
        }
    }

    /** The stream's client may take never what is being written: the watch is stopped when it has. */
    final TimeoutScanner.Watch writing() {
        TimeoutScanner.Watch taking = loop.limits().watch(this);
        taking.writing();
        return taking;
    }

    final boolean isOver() {
        return over;
    }

    /** It goes on as something that ends by itself. */
    final void handOver() {
        over = true;
        call.end();
        watch.stop();
    }

    /** Ends the exchange, as far as it has come: only what is said to the client may follow. */
    final void end() {
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
    public final void failed(Failure failure, String detail) {
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

    /** Ends it in the middle of its answer, with this code where the protocol has one. */
    final void breakOff(long code) {
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
    public final void reset(long code) {
        if (request.version() != HttpVersion.HTTP_2) {
            failed(Failure.BAD_GATEWAY, "the application reset the request");
        } else if (!over) {
            end();
            breakOff(code);
        }
    }

    /** A client that speaks HTTP/2 learns it as it is, and most send the request again by themselves. */
    @Override
    public final void unprocessed() {
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

    final void clientGone() {
        if (!over) {
            call.reset();
            end();
            ended();
        }
    }

    /** It is the client that takes nothing: it has left, as far as one can tell. */
    @Override
    public final void stalled() {
        call.reset();
        if (!over) {
            end();
        }
        client.stalled(request);
        ended();
    }

    final void onCancelled(Runnable action) {
        entry().onCancelled(() -> loop.later(action));
    }
}
