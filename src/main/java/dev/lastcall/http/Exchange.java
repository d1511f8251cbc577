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
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, as the drain counts them. {@link #head()} and {@link #ended()} must be called by whoever owns the server's handlers;
 * both may come on any thread, and {@code ended} twice. All calls are legal only once {@link HttpGate#admit} has said yes.
 */
public class Exchange implements Work {
    private static final String CONTINUE = "100-continue";

    private final HttpServerRequest request;
    private final ServedConnection connection;
    private final AnswerListener answer = new Answer();
    private volatile Entry entry;
    private volatile boolean cut;
    private volatile boolean followed;

    @SuppressWarnings("NullAway.Init") // set by admitted(), before the exchange is handed to anybody
    protected Exchange(HttpServerRequest request, ServedConnection connection) {
        this.request = request;
        this.connection = connection;
    }

    void admitted(Entry admitted) {
        entry = admitted;
        connection.begin(request, answer);
    }

    /** Its connection is to tell it of its answer's head and end; the sidecar, which writes the answer, tells it itself. */
    final void watchAnswer() {
        connection.watch(answer);
    }

    /** The request may turn its connection into a WebSocket: it then lasts as long as the connection does. */
    final void mayUpgrade() {
        connection.lasts(request, answer);
    }

    /** Whether it is to become a WebSocket, and counts as one from its admission on. */
    protected boolean asksForWebSocket(MultiMap headers) {
        return WebSocketUpgrade.isAskedBy(headers);
    }

    /** A client that waits for a 100 (Continue) gets it, unless the owner has other plans. On the event loop, at the admission. */
    protected void invite(MultiMap headers) {
        if (expectsContinue(headers)) {
            // Asked for once: whoever reads the body next must not send a second 100.
            headers.remove(HttpHeaders.EXPECT);
            request.response().writeContinue();
        }
    }

    /** Answers that the gate is closed. */
    protected void refuse() {
        Refusal.PROBLEM.write(request);
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

    /** The signal for whoever executes the request, who then ends the answer by itself. */
    final DrainSignal signal() {
        followed = true;
        return entry;
    }

    /** Whether somebody has asked for the signal; where nobody has, nobody ends the answer early. */
    final boolean isFollowed() {
        return followed;
    }

    /** Returns the entry by which the drain counts this exchange. */
    public final Entry entry() {
        return entry;
    }

    /** The response's head is about to be written: the last moment to learn the class and to say {@code Connection: close}. */
    public final void head() {
        HttpServerResponse response = request.response();
        if (answer.headWritten(response.getStatusCode(), response.headers().get(HttpHeaders.CONTENT_TYPE))) {
            response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /** This answer is the last one on its connection, where the protocol has only one at a time. Before {@link #head()}, or at the end. */
    protected final void leave() {
        connection.leave();
    }

    /** Prepares the connection, or the stream, for an end in the middle of the answer, which comes next: the answer must not look whole. */
    protected final void breakOff() {
        connection.breakOff(request);
        if (request.version() == HttpVersion.HTTP_2) {
            // The stream's reset, which comes next, would count as its client's leaving.
            abandoned();
        }
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
            connection.whenFlushed(answer);
        } else {
            finish(Outcome.LEFT);
        }
    }

    private void finish(Outcome outcome) {
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
        cut = true;
        closeByForce();
    }

    /** The connection, or the stream, tells of its end. */
    @Override
    public final boolean endsItselfWhenCut() {
        return true;
    }

    /** Resets the connection, or over HTTP/2 the stream alone. */
    public final void closeByForce() {
        connection.cut(request);
    }

    private final class Answer implements AnswerListener {
        @Override
        public boolean headWritten(int status, @Nullable String type) {
            if (StreamTypes.isStream(type)) {
                entry.become(EntryClass.STREAM);
            }
            boolean closes = connection.closesWith(status);
            if (closes) {
                connection.leave();
            }
            return closes;
        }

        @Override
        public void answerEnded(boolean whole) {
            // A WebSocket that had been told to end has ended with its connection; anything else was left.
            boolean ended = whole || (!cut && entry.isCancelled() && entry.kind() == EntryClass.WEBSOCKET);
            finish(ended ? Outcome.COMPLETED : Outcome.LEFT);
        }
    }
}
