package dev.lastcall.proxy.health;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The messages of gRPC's health protocol, {@code grpc.health.v1}: a text there, a number back. Stateless. */
final class GrpcHealth {
    static final String PATH = "/grpc.health.v1.Health/Check";

    private static final int PREFIX = 5;
    /** Field 1, a text; and field 1, a number (protobuf's wire format). */
    private static final int SERVICE = 0x0a;

    private static final int STATUS = 0x08;
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int TEXT = 2;
    private static final int FIXED_32 = 5;
    private static final int SERVING = 1;
    private static final int LONGEST_VARINT = 10;

    private GrpcHealth() {}

    /** @param service empty for the whole server */
    static Buffer request(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        Buffer message = Buffer.buffer();
        if (name.length > 0) {
            message.appendByte((byte) SERVICE);
            int length = name.length;
            for (; length > 0x7f; length >>>= 7) {
                message.appendByte((byte) (length | 0x80));
            }
            message.appendByte((byte) length).appendBytes(name);
        }
        return Buffer.buffer().appendByte((byte) 0).appendInt(message.length()).appendBuffer(message);
    }

    /** Whether an answer's body is one whole message that says so; fields that are not known are skipped. */
    static boolean isServing(Buffer body) {
        if (body.length() < PREFIX || body.getByte(0) != 0 || body.getInt(1) != body.length() - PREFIX) {
            return false;
        }
        Reader reader = new Reader(body, PREFIX);
        long status = 0;
        while (reader.hasMore()) {
            long tag = reader.varint();
            if (tag == STATUS) {
                status = reader.varint();
            } else {
                reader.skip((int) (tag & 7));
            }
        }
        return !reader.broken && status == SERVING;
    }

    private static final class Reader {
        private final Buffer bytes;
        private int at;
        private boolean broken;

        Reader(Buffer bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        boolean hasMore() {
            return !broken && at < bytes.length();
        }

        long varint() {
            long value = 0;
            for (int i = 0; i < LONGEST_VARINT && at < bytes.length(); i++) {
                byte next = bytes.getByte(at++);
                value |= (next & 0x7fL) << (7 * i);
                if (next >= 0) {
                    return value;
                }
            }
            broken = true;
            return 0;
        }

        void skip(int type) {
            long length =
                    switch (type) {
                        case VARINT -> varint() * 0;
                        case FIXED_64 -> 8;
                        case TEXT -> varint();
                        case FIXED_32 -> 4;
                        default -> -1;
                    };
            if (length < 0 || length > bytes.length() - at) {
                broken = true;
            } else {
                at += (int) length;
            }
        }
    }
}
