package dev.lastcall.rehearsal.client;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client's connection by HTTP/2 without TLS, by prior knowledge, one exchange after the other. For one thread, but for {@link #close()}. */
final class Http2Connection implements Closeable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int REFUSED_STREAM = 7;

    private final int port;
    private final LoadSocket socket;
    private final Http2Fields fields = new Http2Fields();
    private int stream = -1;
    /** Whether the head of the answer has come. */
    private boolean answered;

    private boolean going;
    /** The last stream that the peer takes, once it is {@code going}. */
    private int last;

    private Http2Connection(int port, LoadSocket socket) {
        this.port = port;
        this.socket = socket;
    }

    static Http2Connection open(int port) throws ClientLoss {
        LoadSocket socket = LoadSocket.open(port, CONNECT_LIMIT);
        socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.write(Http2Frame.of(Http2Frame.SETTINGS, 0, 0, new byte[0]));
        return new Http2Connection(port, socket);
    }

    /** Hears the answer of one exchange. */
    interface Answer {
        /** A head, or trailers; interim heads are left out. */
        void head(Http2Headers fields, boolean ends) throws ClientLoss;

        /** A piece of the body. */
        void data(byte[] bytes, boolean ends) throws ClientLoss;
    }

    /** Whether another request may be sent on it: the peer has neither said GOAWAY nor closed it. */
    boolean isUsable() {
        try {
            while (!going && socket.hasBytes()) {
                handle(Http2Frame.read(socket));
            }
            return !going && !socket.isStale();
        } catch (ClientLoss e) {
            return false;
        }
    }

    /**
     * Sends a request and hears its answer to the end.
     *
     * @param head without authority, which is the pod's
     * @param limit for the whole exchange
     * @throws NotTaken where it may be sent again on another connection
     */
    void exchange(Http2Headers head, byte[] body, Duration limit, Answer answer) throws ClientLoss, NotTaken {
        stream += 2;
        socket.begin(limit);
        byte[] block = fields.encoded(stream, head.authority("127.0.0.1:" + port));
        boolean alone = body.length == 0;
        socket.write(Http2Frame.of(
                Http2Frame.HEADERS, Http2Frame.END_HEADERS | (alone ? Http2Frame.END_STREAM : 0), stream, block));
        if (!alone) {
            socket.write(Http2Frame.of(Http2Frame.DATA, Http2Frame.END_STREAM, stream, body));
        }
        answered = false;
        boolean ended = false;
        while (!ended) {
            // Frames of the connection are no beginning of an answer.
            socket.ifCut(answered ? LossKind.CUT_BODY : LossKind.RESET);
            Http2Frame frame = Http2Frame.read(socket);
            if (frame.stream() == stream) {
                ended = hear(frame, answer);
            } else if (frame.stream() == 0) {
                handle(frame);
                if (going && Integer.compareUnsigned(last, stream) < 0) {
                    throw new NotTaken();
                }
            }
        }
    }

    /** A frame of the exchange; returns whether it is the last one. */
    private boolean hear(Http2Frame frame, Answer answer) throws ClientLoss, NotTaken {
        boolean ends = frame.has(Http2Frame.END_STREAM);
        switch (frame.type()) {
            case Http2Frame.HEADERS -> {
                Http2Headers head = fields.read(frame, socket);
                CharSequence status = head.status();
                if (status != null && status.charAt(0) == '1') {
                    return false;
                }
                answered = true;
                answer.head(head, ends);
                return ends;
            }
            case Http2Frame.DATA -> {
                answer.data(frame.content(), ends);
                credit(frame.payload().length);
                return ends;
            }
            case Http2Frame.RST_STREAM -> {
                if (frame.number(0) == REFUSED_STREAM) {
                    throw new NotTaken();
                }
                throw new ClientLoss(answered ? LossKind.CUT_BODY : LossKind.RESET, "RST_STREAM " + frame.number(0));
            }
            default -> {
                return false;
            }
        }
    }

    private void credit(int bytes) {
        if (bytes > 0) {
            byte[] more = ByteBuffer.allocate(4).putInt(bytes).array();
            socket.write(Http2Frame.of(Http2Frame.WINDOW_UPDATE, 0, 0, more));
            socket.write(Http2Frame.of(Http2Frame.WINDOW_UPDATE, 0, stream, more));
        }
    }

    /** A frame of the connection. */
    private void handle(Http2Frame frame) throws ClientLoss {
        boolean asks = !frame.has(Http2Frame.ACK);
        if (frame.type() == Http2Frame.SETTINGS && asks) {
            socket.write(Http2Frame.of(Http2Frame.SETTINGS, Http2Frame.ACK, 0, new byte[0]));
        } else if (frame.type() == Http2Frame.PING && asks) {
            socket.write(Http2Frame.of(Http2Frame.PING, Http2Frame.ACK, 0, frame.payload()));
        } else if (frame.type() == Http2Frame.GOAWAY) {
            going = true;
            last = frame.number(0);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
