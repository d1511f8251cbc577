package dev.lastcall.rehearsal.client;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A gRPC client's connection to a pod: HTTP/2 without TLS, by prior knowledge, one call after the other. For one thread, but for {@link #close()}. */
public final class GrpcConnection implements Closeable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int PREFIX = 5;
    private static final int REFUSED_STREAM = 7;

    private final int port;
    private final LoadSocket socket;
    private final Http2Fields fields = new Http2Fields();
    private int stream = -1;
    private boolean going;
    /** The last stream that the peer takes, once it is {@code going}. */
    private int last;

    private GrpcConnection(int port, LoadSocket socket) {
        this.port = port;
        this.socket = socket;
    }

    /** Connects to a port of this machine. */
    public static GrpcConnection open(int port) throws ClientLoss {
        LoadSocket socket = LoadSocket.open(port, CONNECT_LIMIT);
        socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.write(Http2Frame.of(Http2Frame.SETTINGS, 0, 0, new byte[0]));
        return new GrpcConnection(port, socket);
    }

    /** Whether another call may be made on it: the peer has neither said GOAWAY nor closed it. */
    public boolean isUsable() {
        try {
            while (!going && socket.hasBytes()) {
                handle(Http2Frame.read(socket));
            }
            return !going && !socket.isStale();
        } catch (ClientLoss e) {
            return false;
        }
    }

    /** Thrown where the server says that it has not looked at the call, which gRPC's clients make again by themselves. */
    public static final class NotTaken extends Exception {
        private static final long serialVersionUID = 1L;

        NotTaken() {
            super("not taken");
        }
    }

    /**
     * Makes a call with one message and hears its answer to the end.
     *
     * @param limit for the whole call
     * @throws NotTaken where it may be made again on another connection
     */
    public GrpcAnswer call(LoadRequest request, Duration limit) throws ClientLoss, NotTaken {
        stream += 2;
        socket.begin(limit);
        byte[] message = Base64.getDecoder().decode(request.body());
        byte[] data = ByteBuffer.allocate(PREFIX + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        socket.write(Http2Frame.of(
                Http2Frame.HEADERS, Http2Frame.END_HEADERS, stream, fields.call(stream, request.path(), port)));
        socket.write(Http2Frame.of(Http2Frame.DATA, Http2Frame.END_STREAM, stream, data));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            Http2Frame frame = Http2Frame.read(socket);
            Integer status = frame.stream() == stream ? hear(frame, body) : null;
            if (frame.stream() == 0) {
                handle(frame);
                if (going && last < stream) {
                    throw new NotTaken();
                }
            }
            if (status != null) {
                return new GrpcAnswer(status, messages(body.toByteArray()));
            }
        }
    }

    /** A frame of the call; returns {@code grpc-status} with the last one. */
    private @Nullable Integer hear(Http2Frame frame, ByteArrayOutputStream body) throws ClientLoss, NotTaken {
        switch (frame.type()) {
            case Http2Frame.HEADERS -> {
                socket.ifCut(LossKind.CUT_BODY);
                return fields.status(frame, socket);
            }
            case Http2Frame.DATA -> {
                body.writeBytes(frame.content());
                credit(frame.payload().length);
                if (frame.has(Http2Frame.END_STREAM)) {
                    throw new ClientLoss(LossKind.CUT_BODY, "no trailers");
                }
            }
            case Http2Frame.RST_STREAM -> {
                if (frame.number(0) == REFUSED_STREAM) {
                    throw new NotTaken();
                }
                throw new ClientLoss(
                        body.size() > 0 ? LossKind.CUT_BODY : LossKind.RESET, "RST_STREAM " + frame.number(0));
            }
            default -> {}
        }
        return null;
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

    private static List<String> messages(byte[] body) {
        List<String> messages = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(body);
        while (bytes.remaining() >= PREFIX) {
            bytes.get();
            int length = Math.max(0, Math.min(bytes.getInt(), bytes.remaining()));
            messages.add(ByteBufUtil.hexDump(Unpooled.wrappedBuffer(body, bytes.position(), length)));
            bytes.position(bytes.position() + length);
        }
        return messages;
    }

    @Override
    public void close() {
        socket.close();
    }
}
