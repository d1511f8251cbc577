package dev.lastcall.proxy.relay;

import dev.lastcall.proxy.upstream.TlsFault;
import dev.lastcall.proxy.upstream.UpstreamConnection;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.http.impl.HttpClientStream;
import io.vertx.core.http.impl.HttpResponseHead;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request to the application: on a connection that idles, or on a new one; again where that is allowed. On the event loop.
 */
final class ApplicationCall implements UpstreamConnection.Listener {
    /** The listener that hears what becomes of the request. */
    interface Listener {
        /** Something came that an answer will follow (RFC 9110, 15.2). */
        void informed(HttpResponse head);

        /** The answer begins. */
        void answered(HttpResponseHead head, HttpClientStream stream, UpstreamConnection connection);

        /** Tells that all bytes that had come were read. */
        void readComplete();

        /** There is no answer, or no more of it. */
        void failed(Failure failure, String detail);

        /** The application has reset the stream, with this code (RFC 9113, 7). */
        void reset(long code);

        /** The application has done nothing of the request, and says so (RFC 9113, 8.7): whatever it is, it may be sent again. */
        void unprocessed();
    }

    private static final long CANCEL = Http2Error.CANCEL.code();
    private final ProxyLoop loop;
    private final Listener listener;
    private final RequestSender sender;
    private final boolean http2;
    private final BooleanSupplier roomy;
    private final boolean head;
    private final ResendPolicy resends;
    private @Nullable HttpClientStream stream;
    private boolean over;

    /** @param roomy whether the client can take what the application says */
    ApplicationCall(ProxyLoop loop, Listener listener, RequestSender sender, BooleanSupplier roomy) {
        this.loop = loop;
        this.listener = listener;
        this.sender = sender;
        this.roomy = roomy;
        http2 = sender.goesByHttp2();
        head = sender.method().equals(HttpMethod.HEAD);
        resends = new ResendPolicy(sender);
    }

    void begin() {
        UpstreamConnection idle = loop.pool().idle(http2, resends.refused());
        if (idle != null) {
            start(idle);
        } else {
            connect();
        }
    }

    private void connect() {
        sender.connecting();
        loop.pool().connect(http2).onComplete(connected -> {
            if (connected.succeeded()) {
                start(connected.result());
            } else {
                unreachable(connected.cause());
            }
        });
    }

    private void unreachable(Throwable cause) {
        boolean late = cause instanceof ConnectTimeoutException;
        fail(
                late ? Failure.GATEWAY_TIMEOUT : Failure.UNREACHABLE,
                TlsFault.isIn(cause) ? TlsFault.detail(cause) : "the application accepts no connection");
    }

    private void start(UpstreamConnection connection) {
        if (over) {
            connection.abandon();
            return;
        }
        if (!connection.isFree()) {
            // Its streams are used up by those who waited for it too, or it went as it came.
            unprocessed(connection, false);
            return;
        }
        boolean reused = connection.isReused();
        resends.sending(connection);
        connection.begin(loop.context(), this, roomy, begun -> {
            if (begun.succeeded()) {
                send(begun.result(), connection);
            } else if (reused) {
                connect();
            } else {
                unreachable(begun.cause());
            }
        });
    }

    private void send(HttpClientStream begun, UpstreamConnection connection) {
        stream = begun;
        begun.exceptionHandler(cause -> {
            // A connection that fails closes too: the request may be on its way by another one then.
            if (stream == begun) {
                upstreamFailed(cause, connection);
            }
        });
        begun.continueHandler(asked -> {
            if (!over) {
                sender.invited();
            }
        });
        begun.headHandler(answer -> {
            if (!over) {
                resends.answered();
                listener.answered(answer, begun, connection);
                if (http2) {
                    // Behind what came with it; HTTP/1.1's connection tells of the end of a read itself.
                    loop.later(this::readComplete);
                }
            }
        });
        connection.expect(head);
        sender.send(begun, connection);
    }

    private void upstreamFailed(Throwable cause, UpstreamConnection on) {
        if (over) {
            return;
        }
        if (resends.tryRenew(cause)) {
            stream = null;
            connect();
        } else if (resends.isUnprocessed(cause, on)) {
            unprocessed(on, cause instanceof StreamResetException);
        } else if (cause instanceof StreamResetException reset) {
            listener.reset(reset.getCode());
        } else {
            fail(Failure.BAD_GATEWAY, "the application gave no answer, or none that can be passed on");
        }
    }

    private void unprocessed(UpstreamConnection on, boolean refused) {
        stream = null;
        if (resends.tryRewind(on, refused)) {
            // Not here: this may be in the middle of what sends.
            loop.later(this::beginAgain);
        } else {
            listener.unprocessed();
        }
    }

    private void beginAgain() {
        if (!over) {
            begin();
        }
    }

    private void fail(Failure failure, String detail) {
        if (!over) {
            listener.failed(failure, detail);
        }
    }

    @Override
    public void informed(HttpResponse interim) {
        if (!over) {
            listener.informed(interim);
        }
    }

    @Override
    public void readComplete() {
        if (!over) {
            listener.readComplete();
        }
    }

    /** Ends the call, of which nothing more is wanted; where it was sent and answered as a whole its connection stays. */
    void end() {
        over = true;
    }

    /** Cancels the call: the part of it that is not done is not to be done. */
    void reset() {
        reset(CANCEL);
    }

    /** The same, telling an HTTP/2 application why: for HTTP/1.1 its connection is closed. */
    void reset(long code) {
        over = true;
        HttpClientStream begun = stream;
        stream = null;
        if (begun != null) {
            begun.reset(new StreamResetException(code));
        }
    }
}
