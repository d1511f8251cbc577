package dev.lastcall.proxy.relay;

import dev.lastcall.drain.EntryClass;
import dev.lastcall.http.ServedConnection;
import dev.lastcall.proxy.channel.TimeoutScanner;
import dev.lastcall.proxy.message.Grpc;
import dev.lastcall.proxy.tunnel.Tunnel;
import dev.lastcall.proxy.tunnel.TunnelClient;
import dev.lastcall.proxy.tunnel.UpgradedConnection;
import dev.lastcall.proxy.tunnel.UpgradedStream;
import dev.lastcall.proxy.upstream.UpstreamConnection;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.http.impl.HttpResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * The way of a request to the application and of its answer to the client. Its parts tell it what happens and are told what to do; none of
 * them knows it but as a listener. On the event loop.
 */
public final class Relay extends RelayedExchange implements Download.Listener {
    private @Nullable Download download;

    public Relay(HttpServerRequest request, ServedConnection connection, ProxyLoop loop) {
        super(request, connection, loop);
    }

    /** Passes the request on, or answers why it is not. */
    public void begin() {
        listen();
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
            tunnel(connection);
        } else {
            deliver(answer, stream, connection);
        }
    }

    /** The exchange goes on as a WebSocket, and ends with the client's connection or stream. */
    private void tunnel(UpstreamConnection connection) {
        handOver();
        TunnelClient side = request.version() == HttpVersion.HTTP_2
                ? new UpgradedStream(request, client, this::writing)
                : new UpgradedConnection(request, client);
        Tunnel tunnel = new Tunnel(side, connection.takeOver(), this::abandoned);
        tunnel.take();
        side.accept(() -> {
            tunnel.start();
            onCancelled(tunnel::end);
        });
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
        if (isOver()) {
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

    @Override
    public void timedOut() {
        boolean ofClient = download == null && upload.awaitsClient() && !sender.waits();
        if (ofClient) {
            failed(Failure.REQUEST_TIMEOUT, "the rest of the request's body did not come in time");
        } else {
            failed(Failure.GATEWAY_TIMEOUT, "the application did not answer in time");
        }
    }
}
