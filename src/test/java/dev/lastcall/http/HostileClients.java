package dev.lastcall.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Clients that ask for much and read nothing. They hold their connections until they are closed. */
public final class HostileClients implements AutoCloseable {
    private static final int SMALL = 4096;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1);
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final List<SocketChannel> sockets = new ArrayList<>();
    private final int port;

    public HostileClients(int port) {
        this.port = port;
    }

    private SocketChannel connect() throws IOException {
        SocketChannel socket = SocketChannel.open();
        sockets.add(socket);
        socket.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.configureBlocking(false);
        return socket;
    }

    /** Each sends as much of these bytes as the server takes. */
    public HostileClients send(int clients, byte[] bytes) throws IOException {
        List<ByteBuffer> unsent = new ArrayList<>();
        int first = sockets.size();
        for (int i = 0; i < clients; i++) {
            connect();
            unsent.add(ByteBuffer.wrap(bytes));
        }
        // A socket that takes nothing in this round may take more in the next: rounds, and no waiting, which bounds it.
        for (int round = 0; round < 200; round++) {
            for (int i = 0; i < clients; i++) {
                write(sockets.get(first + i), unsent.get(i));
            }
        }
        return this;
    }

    private static void write(SocketChannel socket, ByteBuffer unsent) {
        try {
            while (unsent.hasRemaining() && socket.write(unsent) > 0) {
                Thread.onSpinWait();
            }
        } catch (IOException closed) {
            unsent.position(unsent.limit());
        }
    }

    /** Each opens these HTTP/2 streams with a window of 0. */
    public HostileClients openStreams(int clients, int streams, String path, byte[] body) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(PREFACE);
        frame(all, SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
        for (int i = 0; i < streams; i++) {
            frame(all, HEADERS, END_HEADERS | (body.length == 0 ? END_STREAM : 0), 1 + 2 * i, head(path, body));
            if (body.length > 0) {
                frame(all, DATA, END_STREAM, 1 + 2 * i, body);
            }
        }
        return send(clients, all.toByteArray());
    }

    /** HPACK without a table: indexed fields of the static one, and literals. */
    private static byte[] head(String path, byte[] body) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(body.length == 0 ? 0x82 : 0x83);
        head.write(0x86);
        literal(head, 4, path);
        literal(head, 1, "localhost");
        if (body.length > 0) {
            head.write(0x0f);
            head.write(31 - 15);
            string(head, "application/json");
        }
        return head.toByteArray();
    }

    private static void literal(ByteArrayOutputStream head, int name, String value) {
        head.write(name);
        string(head, value);
    }

    private static void string(ByteArrayOutputStream head, String value) {
        head.write(value.length());
        head.writeBytes(value.getBytes(ISO_8859_1));
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
        out.writeBytes(payload);
    }

    /** How many of them the server has not closed. */
    public long open() {
        return sockets.stream().filter(HostileClients::isOpen).count();
    }

    private static boolean isOpen(SocketChannel socket) {
        try {
            return socket.read(ByteBuffer.allocate(1)) >= 0;
        } catch (IOException closed) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }
}
