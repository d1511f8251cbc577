package dev.lastcall.proxy.tunnel;

import dev.lastcall.proxy.channel.JoinedChannels;
import dev.lastcall.proxy.client.ClientConnection;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** A client's HTTP/1.1 connection that becomes a WebSocket, for the rest of its life. On the event loop. */
public final class UpgradedConnection implements TunnelClient {
    private final ClientConnection client;
    private final HttpServerRequest request;

    /** @param request whose answer's head is ready, but for what accepts the upgrade */
    public UpgradedConnection(HttpServerRequest request, ClientConnection client) {
        this.request = request;
        this.client = client;
        client.dismiss();
    }

    @Override
    public Channel channel() {
        return client.channel();
    }

    @Override
    public void accept(Runnable accepted) {
        HttpServerResponse response = request.response();
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
        response.putHeader(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET);
        request.toNetSocket().onComplete(switched -> accepted.run());
    }

    /** The connection has no other use. */
    @Override
    public void finish() {
        JoinedChannels.closeNow(channel());
    }

    @Override
    public boolean passesResets() {
        return false;
    }
}
