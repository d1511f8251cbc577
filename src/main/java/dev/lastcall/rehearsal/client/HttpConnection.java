package dev.lastcall.rehearsal.client;

import java.time.Duration;
import java.util.function.IntConsumer;

/** A connection to a pod for requests over HTTP. */
public interface HttpConnection extends PodConnection {
    /** Connects to a port of this machine: by HTTP/1.1, or by HTTP/2 without TLS and without being asked (RFC 9113, 3.3). */
    static HttpConnection open(int port, boolean http2) throws ClientLoss {
        return http2 ? Http2LoadConnection.open(port) : LoadConnection.open(port);
    }

    /**
     * Sends a request and reads the answer to its end.
     *
     * @param keep whether the connection is to be used again
     * @param limit for the whole exchange
     * @param body gets each byte of the body as it comes
     * @throws NotTaken where it may be sent again on another connection
     */
    LoadAnswer exchange(LoadRequest request, boolean keep, Duration limit, BodySink body) throws ClientLoss, NotTaken;

    /** Receives the bytes of a body. */
    interface BodySink extends IntConsumer {
        /** Called with the media type before the first byte; empty where the answer has none. */
        default void begin(String mediaType) {}

        /** Called with the id of the agent run before the first byte; empty where it is none's. */
        default void identify(String run) {}
    }
}
