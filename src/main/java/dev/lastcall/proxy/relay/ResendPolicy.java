package dev.lastcall.proxy.relay;

import dev.lastcall.proxy.upstream.ResponseDecoder;
import dev.lastcall.proxy.upstream.UpstreamConnection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request that has failed may be sent again: where the application closed an idle connection just then and the request may be
 * executed twice, or where it has done nothing of the request for certain. On the event loop.
 *
 * <p>An HTTP/2 application that goes crosses requests in three places: a head that is written finds no stream any more, since the GOAWAY
 * was read between the choice of the connection and the body's first bytes; a head that is on its way is beyond the last stream of a GOAWAY;
 * a stream is refused. The application has seen nothing of the first and done nothing of the others (RFC 9113, 8.7), so whatever the
 * method is they are sent again, if what was sent of the body is kept. That ends: each time the connection has taken somebody else, or
 * it is counted.
 */
final class ResendPolicy {
    private static final long REFUSED_STREAM = Http2Error.REFUSED_STREAM.code();
    /** An application that takes nobody takes this request no sooner for being asked often. */
    private static final int MOST_REFUSALS = 2;

    /** May be sent again after a reused connection that gave no answer (RFC 9110, 9.2.2). */
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.DELETE, HttpMethod.TRACE);

    private final RequestSender sender;
    private final boolean repeatable;
    private boolean mayBeStale;
    private boolean answered;
    private int refusals;
    private @Nullable UpstreamConnection refused;

    ResendPolicy(RequestSender sender) {
        this.sender = sender;
        repeatable = !sender.hasBody() && IDEMPOTENT.contains(sender.method());
    }

    /** It is about to be sent there. */
    void sending(UpstreamConnection to) {
        mayBeStale = to.isReused() && repeatable;
    }

    /** Its answer has begun. */
    void answered() {
        answered = true;
        mayBeStale = false;
    }

    /** The connection had died, or an earlier answer had left bytes on it: this request has no answer there. True once. */
    boolean tryRenew(Throwable cause) {
        boolean stale = mayBeStale
                && (cause instanceof HttpClosedException
                        || cause instanceof IOException
                        || cause instanceof ResponseDecoder.NoAnswerException);
        mayBeStale &= !stale;
        return stale;
    }

    /** An answer that has begun says otherwise, whatever the application says behind it. */
    boolean isUnprocessed(Throwable cause, UpstreamConnection on) {
        if (answered) {
            return false;
        }
        return cause instanceof StreamResetException reset
                ? reset.getCode() == REFUSED_STREAM
                : (cause instanceof HttpClosedException || cause instanceof Http2Exception)
                        && on.hasLeftOut(sender.streamId());
    }

    /**
     * Whether a request that is unprocessed is to be sent again, and not there; it is rewound in any case.
     *
     * @param reset whether its stream was refused, and not the connection's others with it
     */
    boolean tryRewind(UpstreamConnection on, boolean reset) {
        boolean counted = reset || !on.takesOthers();
        boolean complete = sender.canRewind();
        sender.rewind();
        refusals += counted ? 1 : 0;
        refused = on;
        return complete && refusals < MOST_REFUSALS;
    }

    /** Returns the connection that has just done nothing of it; null: none has. */
    @Nullable
    UpstreamConnection refused() {
        return refused;
    }
}
