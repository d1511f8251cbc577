package dev.lastcall.proxy.tunnel;

import dev.lastcall.proxy.channel.JoinedChannels;
import dev.lastcall.proxy.channel.TimeoutScanner;
import dev.lastcall.proxy.client.ClientConnection;
import dev.lastcall.proxy.message.ExtendedConnects;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Supplier;

/** A client's HTTP/2 stream that becomes a WebSocket (RFC 8441): its connection goes on. On the event loop. */
public final class UpgradedStream implements TunnelClient {
    private static final int OK = 200;

    private final ClientConnection client;
    private final HttpServerResponse response;
    private final StreamChannel stream;

    /**
     * @param request which is paused, and whose answer's head is ready, but for what accepts the upgrade
     * @param writing watches over a write, whose client may take it never
     */
    public UpgradedStream(HttpServerRequest request, ClientConnection client, Supplier<TimeoutScanner.Watch> writing) {
        this.client = client;
        response = request.response();
        ExtendedConnects.accepted(request);
        stream = new StreamChannel(request, writing);
    }

    @Override
    public Channel channel() {
        return stream;
    }

    @Override
    public void accept(Runnable accepted) {
        // RFC 8441, 5.
        response.setStatusCode(OK);
        response.headers().remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT).remove(HttpHeaders.CONTENT_LENGTH);
        stream.begin();
        response.writeHead();
        stream.closeFuture().addListener(closed -> client.exchangeEnded());
        accepted.run();
    }

    /** The stream is told its end by that of its direction. */
    @Override
    public void finish() {
        JoinedChannels.endOutput(stream);
    }

    /** RFC 8441, 5: the stream's reset is the connection's. */
    @Override
    public boolean passesResets() {
        return true;
    }
}
