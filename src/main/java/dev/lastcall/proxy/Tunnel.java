package dev.lastcall.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.Http1xClientConnection;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket between a client and the application: frames pass as they are, whatever extensions the two have agreed on. When the drain
 * tells it to end, it puts a Close of its own between two frames of the application; the client's answer goes to the application, which
 * sees an orderly end. On the event loop.
 */
final class Tunnel {
    /** "Service Restart", registered with IANA for RFC 6455, 7.4. */
    private static final short SERVICE_RESTART = 1012;
    /** At most 123 bytes: a control frame holds 125, two of them are the code. */
    private static final byte[] REASON =
            "{\"reason\":\"shutdown\",\"retryable\":true}".getBytes(StandardCharsets.UTF_8);

    private static final byte FINAL_CLOSE = (byte) 0x88;
    private static final long ANSWER_MS = 1000;

    private final Relay relay;
    private final NetSocket client;
    private final NetSocket upstream;
    private final Frames down = new Frames();
    private final Frames up = new Frames();
    private boolean ending;
    private boolean said;

    private Tunnel(Relay relay, NetSocket client, NetSocket upstream) {
        this.relay = relay;
        this.client = client;
        this.upstream = upstream;
    }

    /** Accepts the client's upgrade as the application did. */
    static void open(AnswerHead answer, UpstreamConnection connection, Relay relay) {
        NetSocket upstream = ((Http1xClientConnection) connection.connection()).toNetSocket();
        upstream.pause();
        HttpServerResponse response = relay.client().response();
        answer.copyTo(response);
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
        response.putHeader(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET);
        relay.client()
                .toNetSocket()
                .onSuccess(client -> new Tunnel(relay, client, upstream).begin())
                .onFailure(refused -> upstream.close());
    }

    private void begin() {
        client.exceptionHandler(failure -> {});
        upstream.exceptionHandler(failure -> {});
        client.closeHandler(closed -> upstream.close());
        upstream.closeHandler(closed -> {
            relay.closedByUpstream();
            client.close();
        });
        client.handler(this::fromClient);
        upstream.handler(this::fromUpstream);
        upstream.resume();
        relay.onCancelled(this::end);
    }

    private void fromClient(Buffer bytes) {
        up.pass(bytes);
        upstream.write(bytes);
        if (said && up.isClosed()) {
            // Both have said it: the server's side closes first (RFC 6455, 7.1.1).
            client.close();
        } else if (upstream.writeQueueFull()) {
            client.pause();
            upstream.drainHandler(writable -> client.resume());
        }
    }

    private void fromUpstream(Buffer bytes) {
        if (said) {
            return;
        }
        if (!ending) {
            down.pass(bytes);
            write(bytes);
            return;
        }
        int end = down.passFrame(bytes, 0);
        write(bytes.slice(0, end));
        sayGoodbye();
    }

    private void write(Buffer bytes) {
        client.write(bytes);
        if (client.writeQueueFull()) {
            upstream.pause();
            client.drainHandler(writable -> upstream.resume());
        }
    }

    /** Told to: says it now or after the frame under way, and cuts a client that has not answered a second later. */
    private void end() {
        ending = true;
        sayGoodbye();
        relay.lane().timer(ANSWER_MS, relay::cut);
    }

    private void sayGoodbye() {
        if (!said && down.isBetween() && !down.isClosed()) {
            said = true;
            client.write(Buffer.buffer(4 + REASON.length)
                    .appendByte(FINAL_CLOSE)
                    .appendByte((byte) (2 + REASON.length))
                    .appendShort(SERVICE_RESTART)
                    .appendBytes(REASON));
            // What it still sends is read to nowhere; it must not stop for a client that reads no more.
            upstream.resume();
        }
    }
}
