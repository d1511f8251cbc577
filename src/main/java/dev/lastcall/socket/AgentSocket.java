package dev.lastcall.socket;

import dev.lastcall.run.BadInput;
import dev.lastcall.run.Delivery;
import dev.lastcall.run.Inputs;
import dev.lastcall.run.Runs;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * Runs on a WebSocket, one after the other: a message {@code {"input": "text"}} starts one, its tokens and its end come as messages. What
 * belongs to a connection happens on its event loop.
 *
 * <p>CONCURRENT because otherwise the close would wait in line behind the message whose run it must stop.
 */
@Singleton
@WebSocket(path = "/agent/ws", inboundProcessingMode = InboundProcessingMode.CONCURRENT)
final class AgentSocket {
    private static final Logger LOG = Logger.getLogger(AgentSocket.class);
    private static final TypedKey<Delivery> RUNNING = new TypedKey<>("lastcall.running");
    private static final int INTERNAL_ERROR = 1011;

    private final Inputs inputs;
    private final Runs runs;

    AgentSocket(Inputs inputs, Runs runs) {
        this.inputs = inputs;
        this.runs = runs;
    }

    @OnTextMessage
    @NonBlocking
    void start(String message, WebSocketConnection connection) {
        Delivery running = connection.userData().get(RUNNING);
        if (running != null && !running.hasEnded()) {
            refuse(
                    connection,
                    409,
                    "a run is under way on this connection (expected: one at a time); wait for its end");
            return;
        }
        try {
            String input = inputs.read(Buffer.buffer(message));
            Delivery started = Delivery.start(runs.begin(input), event -> send(connection, event.json()));
            connection.userData().put(RUNNING, started);
        } catch (BadInput bad) {
            refuse(connection, bad.status(), bad.detail());
        }
    }

    @OnClose
    @NonBlocking
    void stop(WebSocketConnection connection) {
        Delivery running = connection.userData().get(RUNNING);
        if (running != null) {
            running.cancel();
        }
    }

    /** A connection that its client breaks is closed by the server and then stopped: nothing of ours failed. */
    @OnError
    @NonBlocking
    Uni<Void> failed(Throwable failure, WebSocketConnection connection) {
        boolean broken = failure instanceof IOException
                || failure instanceof HttpClosedException
                || failure instanceof CorruptedWebSocketFrameException;
        if (broken) {
            LOG.debugf(failure, "broken by its client connection=%s", connection.id());
            return Uni.createFrom().voidItem();
        }
        LOG.errorf(failure, "socket failed connection=%s", connection.id());
        return connection.close(new CloseReason(INTERNAL_ERROR));
    }

    private static CompletionStage<Void> send(WebSocketConnection connection, String message) {
        return connection.isOpen()
                ? connection.sendText(message).subscribeAsCompletionStage()
                : CompletableFuture.failedStage(new IllegalStateException("closed"));
    }

    /** The same words as the problem of HTTP, as a message; the connection stays. */
    private static void refuse(WebSocketConnection connection, int status, String detail) {
        JsonObject error =
                new JsonObject().put("type", "error").put("status", status).put("detail", detail);
        send(connection, error.encode());
    }
}
