package dev.lastcall.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.impl.ContextInternal;
import java.util.function.BooleanSupplier;

/** A connection to the application, whichever protocol it has. On its event loop. */
public interface UpstreamConnection {
    /** The listener of an exchange, which hears what its stream does not tell. */
    interface Listener {
        /** Tells that all bytes that had arrived were read: an answer's head leaves together with its first bytes, but never waits for them. */
        void readComplete();

        /** An answer that another one will follow (RFC 9110, 15.2), but for 100 and 101. */
        void informed(HttpResponse head);
    }

    /**
     * Begins an exchange, at whose end the connection is free for others by itself.
     *
     * @param roomy whether the client can take what the application says
     */
    void begin(
            ContextInternal context,
            Listener told,
            BooleanSupplier roomy,
            Handler<AsyncResult<HttpClientStream>> begun);

    /** Whether an exchange may begin on it. */
    boolean isFree();

    /** No exchange is to begin on it after all. */
    void abandon();

    /** The request is about to be sent. */
    void expect(boolean toHead);

    /** Reads no more of this exchange, until told to: what has been read already still comes. */
    void pause(HttpClientStream stream);

    /** Reads on. */
    void resume(HttpClientStream stream);

    /** Ends the request being sent with these trailers. */
    void end(HttpClientStream stream, MultiMap trailers);

    /** The connection as bytes, behind an answer that switches protocols. */
    Channel takeOver();

    /**
     * Whether the application has done nothing of this stream for certain: its head was never written, or a GOAWAY has said that it and those
     * behind it are left out (RFC 9113, 6.8).
     */
    boolean hasLeftOut(int streamId);

    /** Whether it has taken other exchanges: it is then not the application as a whole that takes none. */
    boolean takesOthers();

    /** Whether an exchange on it has ended before: the application may be closing it while the next one begins. */
    boolean isReused();
}
