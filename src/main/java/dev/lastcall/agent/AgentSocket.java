package dev.lastcall.agent;

import dev.lastcall.http.TraceContext;
import dev.lastcall.run.RunEvent;
import dev.lastcall.run.RunRequest;
import dev.lastcall.run.Runs;
import dev.lastcall.run.StartResult;
import dev.lastcall.run.Tenants;
import dev.lastcall.run.TooManyRuns;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.InboundProcessingMode;
import io.quarkus.websockets.next.OnBinaryMessage;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs on a WebSocket, one after the other: a message {@code {"input": "text"}} starts one, its tokens and its end come as messages.
 * Durable runs outlive their connection: their first message has the run's id, and each message carries the id to resume after, for which a
 * WebSocket has no field of its own.
 *
 * <p>CONCURRENT because otherwise the close would wait in line behind the message whose run it must stop.
 */
@Singleton
@WebSocket(
        path = AgentSocket.PATH,
        endpointId = AgentSocket.ENDPOINT,
        inboundProcessingMode = InboundProcessingMode.CONCURRENT)
final class AgentSocket {
    static final String PATH = "/agent/ws";
    static final String ENDPOINT = "agent";

    private static final Logger LOG = Logger.getLogger(AgentSocket.class);
    private static final TypedKey<SocketRuns> CONVERSATION = new TypedKey<>("lastcall.conversation");
    private static final int MESSAGE_TOO_BIG = 1009;
    private static final int INTERNAL_ERROR = 1011;
    /** The words in the message of the failure that Vert.x has for fragments that make too long a message together. */
    private static final String TOO_LONG = "max message size";

    private final Inputs inputs;
    private final Runs runs;
    private final Tenants tenants;

    AgentSocket(Inputs inputs, Runs runs, Tenants tenants) {
        this.inputs = inputs;
        this.runs = runs;
        this.tenants = tenants;
    }

    @OnOpen
    @NonBlocking
    void open(WebSocketConnection connection) {
        connection.userData().put(CONVERSATION, new SocketRuns());
    }

    @OnTextMessage
    @NonBlocking
    void start(String message, WebSocketConnection connection) {
        start(Buffer.buffer(message), connection);
    }

    /** The bytes of a text are taken for the text. */
    @OnBinaryMessage
    @NonBlocking
    void start(Buffer message, WebSocketConnection connection) {
        SocketRuns conversation = connection.userData().get(CONVERSATION);
        if (!conversation.begin()) {
            refuse(
                    connection,
                    409,
                    "a run is under way on this connection (expected: one at a time); wait for its end");
            return;
        }
        Optional<String> tenant = tenants.of(connection.handshakeRequest().header("Authorization"));
        if (tenant.isEmpty()) {
            conversation.giveUp();
            refuse(
                    connection,
                    401,
                    "authorization: none of ours (expected: Bearer and an API key); connect with your key");
            return;
        }
        try {
            RunRequest request = RunRequest.plain(tenant.get(), inputs.read(message))
                    .traced(TraceContext.of(
                            name -> connection.handshakeRequest().headers().getOrDefault(name, List.of())))
                    .wantedWhile(connection::isOpen);
            runs.begin(request).whenComplete((begun, failure) -> follow(connection, conversation, begun, failure));
        } catch (BadInput bad) {
            conversation.giveUp();
            refuse(connection, bad.status(), bad.detail());
        }
    }

    private void follow(
            WebSocketConnection connection,
            SocketRuns conversation,
            @Nullable StartResult begun,
            @Nullable Throwable failure) {
        if (begun == null) {
            conversation.giveUp();
            refuse(connection, failure);
        } else {
            boolean resumable = runs.durable();
            if (resumable) {
                send(connection, introduction(begun.run().toString()));
            }
            conversation.follow(
                    runs.follow(begun.run(), -1, null),
                    event -> send(connection, resumable ? identified(event) : event.json()));
        }
    }

    private static String introduction(String run) {
        return new JsonObject()
                .put("type", "run")
                .put("run", run)
                .put("resume", "/agent/runs/" + run + "/events")
                .encode();
    }

    private static String identified(RunEvent event) {
        return "{\"id\":" + event.seq() + "," + event.json().substring(1);
    }

    @OnClose
    @NonBlocking
    void stop(WebSocketConnection connection) {
        connection.userData().get(CONVERSATION).close();
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
        String message = failure.getMessage();
        if (message != null && message.contains(TOO_LONG)) {
            return connection.close(new CloseReason(MESSAGE_TOO_BIG, "Message too big"));
        }
        LOG.errorf(failure, "socket failed connection=%s", connection.id());
        return connection.close(new CloseReason(INTERNAL_ERROR));
    }

    private static CompletionStage<Void> send(WebSocketConnection connection, String message) {
        return connection.isOpen()
                ? connection.sendText(message).subscribeAsCompletionStage()
                : CompletableFuture.failedStage(new IllegalStateException("closed"));
    }

    private static void send(WebSocketConnection connection, JsonObject error) {
        send(connection, error.encode());
    }

    /** Refuses an input that may succeed later; the client may send it again on this connection. */
    private static void refuse(WebSocketConnection connection, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof TooManyRuns limit) {
            send(connection, error(429, limit.detail()).put("retryable", true));
        } else {
            LOG.warnf(failure, "no run was made connection=%s", connection.id());
            String detail = "the run log cannot be reached; send the input again";
            send(connection, error(503, detail).put("retryable", true));
        }
    }

    /** The same words as the problem of HTTP, as a message; the connection stays. */
    private static void refuse(WebSocketConnection connection, int status, String detail) {
        send(connection, error(status, detail));
    }

    private static JsonObject error(int status, String detail) {
        return new JsonObject().put("type", "error").put("status", status).put("detail", detail);
    }
}
