package dev.lastcall.rehearsal.client;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A connection to a pod for calls of gRPC. */
public final class GrpcConnection implements PodConnection {
    private static final int PREFIX = 5;

    private final Http2Connection connection;

    private GrpcConnection(Http2Connection connection) {
        this.connection = connection;
    }

    /** Connects to a port of this machine. */
    public static GrpcConnection open(int port) throws ClientLoss {
        return new GrpcConnection(Http2Connection.open(port));
    }

    @Override
    public boolean isUsable() {
        return connection.isUsable();
    }

    /**
     * Makes a call with one message and hears its answer to the end.
     *
     * @param limit for the whole call
     * @throws NotTaken where it may be made again on another connection, which gRPC's clients do by themselves
     */
    public GrpcAnswer call(LoadRequest request, Duration limit) throws ClientLoss, NotTaken {
        byte[] message = Base64.getDecoder().decode(request.body());
        byte[] data = ByteBuffer.allocate(PREFIX + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        Http2Headers head = new DefaultHttp2Headers()
                .method("POST")
                .scheme("http")
                .path(request.path())
                .add("te", "trailers")
                .add("content-type", "application/grpc")
                .add("user-agent", "lastcall-rehearse");
        Reader reader = new Reader();
        connection.exchange(head, data, limit, reader);
        return new GrpcAnswer(reader.status, messages(reader.body.toByteArray()));
    }

    private static final class Reader implements Http2Connection.Answer {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status;

        @Override
        public void head(Http2Headers fields, boolean ends) throws ClientLoss {
            CharSequence http = fields.status();
            if (http != null && !http.toString().equals("200")) {
                boolean failed = http.charAt(0) == '5';
                throw new ClientLoss(failed ? LossKind.SERVER_ERROR : LossKind.OTHER_STATUS, http.toString());
            }
            if (!ends) {
                return;
            }
            CharSequence grpc = fields.get("grpc-status");
            if (grpc == null || !grpc.toString().matches("[0-9]{1,3}")) {
                throw new ClientLoss(LossKind.GARBLED, "trailers without grpc-status");
            }
            status = Integer.parseInt(grpc.toString());
        }

        @Override
        public void data(byte[] bytes, boolean ends) throws ClientLoss {
            body.writeBytes(bytes);
            if (ends) {
                throw new ClientLoss(LossKind.CUT_BODY, "no trailers");
            }
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
        connection.close();
    }
}
