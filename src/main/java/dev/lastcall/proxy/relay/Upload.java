package dev.lastcall.proxy.relay;

import dev.lastcall.proxy.channel.TimeoutScanner;
import dev.lastcall.proxy.client.Trailers;
import dev.lastcall.proxy.message.Framing;
import dev.lastcall.proxy.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.http.impl.HttpRequestHead;
import io.vertx.core.http.impl.HttpServerConnection;
import org.jspecify.annotations.Nullable;

/** A request's body on its way to the application, as fast as that reads it. The head goes with the first bytes. On the event loop. */
final class Upload {
    private static final Handler<AsyncResult<Void>> SENT = sent -> {};

    private final Failure.Listener listener;
    private final TimeoutScanner.Watch watch;
    private final HttpServerRequest request;
    private final long length;
    private final long limit;
    private final Trailers trailers;
    private @Nullable HttpClientStream to;
    private @Nullable UpstreamConnection connection;
    private @Nullable HttpRequestHead head;
    private @Nullable MultiMap trailing;
    private final KeptBody kept = new KeptBody();
    private long read;
    private final boolean alone;
    private boolean paused;
    private boolean over;

    /** @param length of the body; {@link Framing#UNKNOWN}: its end will tell */
    Upload(Failure.Listener listener, HttpServerRequest request, TimeoutScanner.Watch watch, long length, long limit) {
        this.watch = watch;
        trailers = Trailers.of(request);
        this.listener = listener;
        this.request = request;
        this.length = length;
        this.limit = limit;
        over = length == 0;
        alone = request.version() != HttpVersion.HTTP_2;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** Whether the application has been given all of it, or is to get no more. */
    boolean isOver() {
        return over;
    }

    /** Whether it is the client's turn. */
    boolean awaitsClient() {
        return !over && !paused;
    }

    /** Stops reading until the upstream connection is there. */
    void hold() {
        if (!over) {
            pause();
        }
    }

    /** Neither is the connection read, where it has nothing else on it: what waits, waits in the kernel. */
    private void pause() {
        paused = true;
        request.pause();
        if (alone) {
            channel().config().setAutoRead(false);
        }
    }

    private Channel channel() {
        return ((HttpServerConnection) request.connection()).channel();
    }

    /** Begins with the head, which goes alone where the body's first bytes are late. */
    void begin(HttpClientStream stream, UpstreamConnection on, HttpRequestHead first) {
        to = stream;
        connection = on;
        head = first;
        Buffer again = kept.sent();
        if (over) {
            sendEnd(again);
        } else {
            if (again != null) {
                sendHead(again, false);
            }
            proceed();
        }
    }

    /** Whether all that was sent can be sent again. */
    boolean canRewind() {
        return kept.isComplete();
    }

    /**
     * Goes back to the body's beginning, since the stream has taken nothing: the bytes that were sent on it are sent by the next {@link #begin}, and
     * no more are read until then.
     */
    void rewind() {
        to = null;
        connection = null;
        head = null;
        hold();
    }

    /** It has been taken. */
    void forgetSent() {
        kept.drop();
    }

    /** Sends the head alone, since all that had come with it has been read. */
    void flushHead() {
        if (head != null && !over) {
            sendHead(null, false);
        }
    }

    /** The head alone: the application is to say whether it wants the body. */
    void beginWaiting(HttpClientStream stream, UpstreamConnection on, HttpRequestHead first) {
        hold();
        to = stream;
        connection = on;
        head = first;
        sendHead(null, false);
    }

    /** The body itself. */
    void proceed() {
        if (to != null && !over) {
            request.handler(this::pass);
            request.endHandler(ended -> end());
            to.drainHandler(writable -> resume());
            resume();
        }
    }

    private void resume() {
        if (paused && !over) {
            unpause();
        }
    }

    private void unpause() {
        paused = false;
        request.resume();
        if (alone) {
            channel().config().setAutoRead(true);
        }
    }

    private void pass(Buffer chunk) {
        if (over || to == null) {
            return;
        }
        watch.touch();
        read += chunk.length();
        if (read > limit) {
            listener.failed(Failure.TOO_LARGE, tooLarge(limit));
            return;
        }
        over = read == length;
        if (to.version() == HttpVersion.HTTP_2) {
            kept.add(chunk);
        }
        if (head != null) {
            sendHead(chunk, over);
        } else {
            to.writeBuffer(bytes(chunk), over, SENT);
        }
        // Null: the stream could not be created, and it is rewound.
        HttpClientStream stream = to;
        if (!over && stream != null && stream.isNotWritable()) {
            pause();
        }
    }

    private void end() {
        if (over || to == null || connection == null) {
            return;
        }
        MultiMap fields = fields();
        if (fields == null) {
            return;
        }
        over = true;
        trailing = fields.isEmpty() ? null : fields;
        sendEnd(null);
    }

    /** The end, behind these bytes. */
    private void sendEnd(@Nullable Buffer chunk) {
        if (trailing != null) {
            // They go behind the last chunk, so there must be one.
            sendHead(chunk, false);
            if (to != null && connection != null) {
                connection.end(to, trailing);
            }
        } else if (head != null) {
            sendHead(chunk, true);
        } else if (to != null) {
            to.writeBuffer(Unpooled.EMPTY_BUFFER, true, SENT);
        }
    }

    /** The trailers to be passed on; null: they made the request fail. */
    private @Nullable MultiMap fields() {
        try {
            return trailers.fields();
        } catch (IllegalArgumentException e) {
            listener.failed(Failure.BAD_REQUEST, "a trailer cannot be written in HTTP/1.1");
            return null;
        }
    }

    private void sendHead(@Nullable Buffer chunk, boolean last) {
        HttpRequestHead sent = head;
        if (sent == null || to == null) {
            return;
        }
        head = null;
        // Whole and of unknown length, it is an HTTP/2 request without a body, or with one small enough to be here at
        // once.
        boolean chunked = length == Framing.UNKNOWN && !last;
        if (last && chunk != null && length == Framing.UNKNOWN) {
            sent.headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(chunk.length()));
        }
        to.writeHead(sent, chunked, chunk == null ? null : bytes(chunk), last, to.priority(), false, SENT);
    }

    /** Head and body in one write: the client's stream takes Netty's bytes alone. */
    @SuppressWarnings("deprecation")
    private static ByteBuf bytes(Buffer chunk) {
        return chunk.getByteBuf();
    }

    /** The application gets no more; what the client still sends is read to nowhere. */
    void stop() {
        if (over) {
            return;
        }
        over = true;
        head = null;
        if (!request.isEnded()) {
            request.handler(discarded -> {});
            unpause();
        }
    }

    static String tooLarge(long limit) {
        return "the request's body is longer than " + limit + " bytes (lastcall.proxy.max-body)";
    }
}
