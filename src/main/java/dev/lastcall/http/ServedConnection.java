package dev.lastcall.http;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client's connection, from its first request on. Quarkus' server has no connection hook, so the state hangs on the channel. Confined to
 * the connection's event loop where not said otherwise.
 */
public abstract sealed class ServedConnection permits ServedHttp1, ServedHttp2 {
    /** Of this very class: after a live reload connections of the code before it are still open. */
    private static final AttributeKey<ServedConnection> KEY =
            AttributeKey.newInstance(ServedConnection.class.getName() + '@' + ServedConnection.class.hashCode());

    final HttpServerConnection connection;
    final Channel channel;
    final Connections connections;
    private final AtomicInteger open = new AtomicInteger();

    ServedConnection(HttpServerConnection connection, Connections connections) {
        this.connection = connection;
        this.connections = connections;
        channel = connection.channel();
    }

    /** The state of a request's connection, made and registered with its first request. */
    static ServedConnection of(HttpServerRequest request, Connections connections) {
        HttpServerConnection connection = (HttpServerConnection) request.connection();
        ServedConnection known = connection.channel().attr(KEY).get();
        // An h2c upgrade changes the protocol of a channel that has been seen: the HTTP/1.1 state would be wrong then.
        if (known != null && known.connection == connection) {
            return known;
        }
        ServedConnection made = request.version() == HttpVersion.HTTP_2
                ? new ServedHttp2(connection, connections)
                : new ServedHttp1(connection, connections);
        made.channel.attr(KEY).set(made);
        connections.add(made);
        return made;
    }

    /** The answer lasts as long as the connection does, or the stream. */
    void lasts(HttpServerRequest request, AnswerListener answer) {
        channel.closeFuture().addListener(closed -> answer.answerEnded(false));
    }

    /** Whether a further request on it may be executed at all. */
    abstract boolean accepts();

    /** Whether this request may be; where not, its client knows that it was not executed, and this has dealt with it. */
    boolean accepts(HttpServerRequest request) {
        return accepts();
    }

    /** The drain has come to this phase; also called where a connection shows up late. */
    abstract void enter(Phase phase);

    /** No further request on it is to be executed, where the protocol has one at a time. */
    abstract void leave();

    /** Whether an answer with this status is the last one here and its head has to say so, where the protocol does that there. */
    abstract boolean closesWith(int status);

    /** The listener is to be told of its answer's head and end. On the event loop. */
    abstract void watch(AnswerListener answer);

    /** The whole answer has been written: its listener is told once its last byte is in the kernel. On any thread. */
    abstract void whenFlushed(AnswerListener answer);

    /** The answer to this request has left: its connection may be idle for long, and is to hold nothing of it. On any thread. */
    abstract void forget(HttpServerRequest request);

    /** The answer to this request has left: time to close, perhaps. */
    abstract void settle(HttpServerRequest request);

    /** The close that follows is no proper end of this request's answer. On any thread. */
    abstract void breakOff(HttpServerRequest request);

    /** Ends what is left of a request by force. On any thread. */
    abstract void cut(HttpServerRequest request);

    /** Answered without being admitted: the client reads the refusal before the connection goes. */
    abstract void refused(HttpServerRequest request);

    /** Counts the request in. On the event loop. */
    void begin(HttpServerRequest request, AnswerListener answer) {
        open.incrementAndGet();
    }

    final boolean isOpen() {
        return channel.isActive();
    }

    final boolean isIdle() {
        return open.get() == 0;
    }

    /**
     * Counts the request out; on any thread. The count falls before the phase is read, and {@link #enter} runs after the phase has
     * changed: one of the two sees an idle connection that is to be closed.
     */
    final void finished(HttpServerRequest request) {
        forget(request);
        open.decrementAndGet();
        if (connections.phase() != Phase.OPEN || !accepts()) {
            run(() -> settle(request));
        }
    }

    /**
     * Closes without waiting for anything unsent; on any thread. Not {@code channel.close()}, which passes Vert.x' handler: that writes
     * first and closes then, so a client that does not read would keep its connection for ever.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the channel's closeFuture is what everybody listens to
    final void closeNow() {
        connection.channelHandlerContext().close();
    }

    final Vertx vertx() {
        return connection.getContext().owner();
    }

    final void run(Runnable action) {
        if (channel.eventLoop().inEventLoop()) {
            action.run();
        } else {
            channel.eventLoop().execute(action);
        }
    }
}
