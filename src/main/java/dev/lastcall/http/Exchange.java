package dev.lastcall.http;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.Work;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, as the drain counts them. {@link #head()} and {@link #ended()} must be called by whoever owns the server's
 * handlers; both may come on any thread, and {@code ended} twice. Everything is legal only once {@link HttpGate#admit} has said yes.
 */
public class Exchange implements Work, Supplier<DrainSignal> {
    private static final String CONTINUE = "100-continue";

    private final HttpServerRequest request;
    private final ServedConnection connection;
    private volatile Entry entry;

    @SuppressWarnings("NullAway.Init") // set by admitted(), before the exchange is handed to anybody
    protected Exchange(HttpServerRequest request, ServedConnection connection) {
        this.request = request;
        this.connection = connection;
    }

    void admitted(Entry admitted) {
        entry = admitted;
        connection.begin();
    }

    /** A client that waits for a 100 (Continue) gets it, unless the owner has other plans. On the event loop, at the admission. */
    protected void invite(MultiMap headers) {
        if (expectsContinue(headers)) {
            // Asked for once: whoever reads the body next must not send a second 100.
            headers.remove(HttpHeaders.EXPECT);
            request.response().writeContinue();
        }
    }

    /** Answers a refusal in a form of its own; false: it has none. */
    protected boolean refuse() {
        return false;
    }

    protected static boolean expectsContinue(MultiMap headers) {
        return CONTINUE.equalsIgnoreCase(headers.get(HttpHeaders.EXPECT));
    }

    protected final HttpServerRequest request() {
        return request;
    }

    final ServedConnection connection() {
        return connection;
    }

    /** What tells this exchange's work to end. */
    @Override
    public final DrainSignal get() {
        return entry;
    }

    /** What the drain counts. */
    protected final Entry entry() {
        return entry;
    }

    /** The response's head is about to be written: the last moment to learn the class and to say {@code Connection: close}. */
    public final void head() {
        HttpServerResponse response = request.response();
        if (head(response.getStatusCode(), response.headers().get(HttpHeaders.CONTENT_TYPE))) {
            response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /**
     * The same for who has no response in hand.
     *
     * @return whether the head is to say {@code Connection: close}; nothing pipelined behind it is executed then
     */
    final boolean head(int status, @Nullable String type) {
        if (StreamTypes.isStream(type)) {
            entry.become(EntryClass.STREAM);
        }
        boolean closes = connection.closesWith(status);
        if (closes) {
            connection.leave();
        }
        return closes;
    }

    /** This answer is the last one on its connection, where the protocol has only one at a time. Before {@link #head()}, or at the end. */
    protected final void leave() {
        connection.leave();
    }

    /** What comes next ends the connection, or the stream, in the middle of the answer: it must not look whole. */
    protected final void breakOff() {
        connection.breakOff(request);
    }

    /** We end it ourselves without a whole answer: the client did not leave, and it was not cut. */
    protected final void abandoned() {
        finish(Outcome.COMPLETED);
    }

    /**
     * The response has ended, or its connection or stream has. Ended only means handed to the server: the entry ends when the bytes have
     * left, since the drain may close the server as soon as nothing is in flight.
     */
    public final void ended() {
        if (request.response().ended()) {
            answered();
        } else {
            finish(Outcome.LEFT);
        }
    }

    /** The whole answer has been handed to the server. */
    final void answered() {
        connection.whenFlushed(this);
    }

    /** The connection has gone. A WebSocket that had been told to end has ended then; anything else was left. */
    final void gone() {
        finish(entry.isCancelled() && entry.kind() == EntryClass.WEBSOCKET ? Outcome.COMPLETED : Outcome.LEFT);
    }

    final void finish(Outcome outcome) {
        if (entry.end(outcome)) {
            connection.finished(request);
        }
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public final void cut() {
        connection.cut(request);
    }
}
