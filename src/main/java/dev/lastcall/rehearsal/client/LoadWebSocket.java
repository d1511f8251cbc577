package dev.lastcall.rehearsal.client;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * A WebSocket (RFC 6455) to a pod: says one thing and listens until it has heard enough. For one thread, but for {@link #close()}.
 */
public final class LoadWebSocket implements Closeable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;
    private static final int LARGEST = 1 << 20;

    private final LoadSocket socket;
    private final Random random = new Random();
    private final EventLines events = new EventLines();

    private LoadWebSocket(LoadSocket socket) {
        this.socket = socket;
    }

    /** Connects and upgrades. */
    public static LoadWebSocket open(int port, String path, Duration limit) throws ClientLoss {
        LoadWebSocket webSocket = new LoadWebSocket(LoadSocket.open(port, CONNECT_LIMIT));
        try {
            webSocket.upgrade(port, path, limit);
            return webSocket;
        } catch (ClientLoss e) {
            webSocket.close();
            throw e;
        }
    }

    private void upgrade(int port, String path, Duration limit) throws ClientLoss {
        socket.begin(limit);
        socket.write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nUser-Agent: lastcall-rehearse\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bGFzdGNhbGxyZWhlYXJzZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        AnswerHeader head = AnswerHeader.read(socket);
        new LoadAnswer(head.status(), head.field("retry-after"), "").requireServed(101);
        socket.ifCut(LossKind.CUT_BODY);
    }

    /** Sends a text message. */
    public void send(String text) {
        write(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads messages until there are so many, and says goodbye. */
    public void listen(int count, Duration limit) throws ClientLoss {
        socket.begin(limit);
        socket.ifCut(LossKind.CUT_BODY);
        while (events.size() < count) {
            readFrame();
        }
        write(CLOSE, new byte[] {0x03, (byte) 0xE8});
    }

    /** Reads messages until none has come for so long, or the limit has passed, and says goodbye. */
    public void listenUntilSilence(Duration silence, Duration limit) throws ClientLoss {
        long begun = System.nanoTime();
        try {
            while (System.nanoTime() - begun < limit.toNanos()) {
                socket.begin(silence);
                socket.ifCut(LossKind.CUT_BODY);
                readFrame();
            }
        } catch (ClientLoss e) {
            if (e.kind() != LossKind.TIME_OUT) {
                throw e;
            }
        }
        write(CLOSE, new byte[] {0x03, (byte) 0xE8});
    }

    /** Returns the messages so far. */
    public List<String> messages() {
        return events.events();
    }

    private void readFrame() throws ClientLoss {
        int first = socket.read();
        int second = socket.read();
        long length = second & 0x7f;
        int more = length == 126 ? 2 : length == 127 ? 8 : 0;
        length = more == 0 ? length : 0;
        for (int i = 0; i < more; i++) {
            length = (length << 8) | socket.read();
        }
        if ((second & 0x80) != 0 || (first & 0x70) != 0 || length < 0 || length > LARGEST) {
            throw new ClientLoss(LossKind.GARBLED, "a WebSocket frame that no server may send");
        }
        byte[] payload = new byte[(int) length];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) socket.read();
        }
        take(first & 0x0f, payload);
    }

    private void take(int opcode, byte[] payload) throws ClientLoss {
        switch (opcode) {
            case PING -> write(PONG, payload);
            case PONG -> {
                // An answer to nothing we asked.
            }
            case CLOSE -> {
                write(CLOSE, payload.length >= 2 ? new byte[] {payload[0], payload[1]} : new byte[0]);
                int code = payload.length >= 2 ? ((payload[0] & 0xff) << 8) | (payload[1] & 0xff) : 1005;
                throw new ClientLoss(LossKind.ENDED_EARLY, "closed with " + code);
            }
            // Of a message in pieces, each counts as one: what a server sends is the same each time, or it is not
            // compared.
            default -> events.add(new String(payload, StandardCharsets.UTF_8));
        }
    }

    private void write(int opcode, byte[] payload) {
        int extra = payload.length < 126 ? 0 : 2;
        byte[] frame = new byte[2 + extra + 4 + payload.length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | (extra == 0 ? payload.length : 126));
        if (extra > 0) {
            frame[2] = (byte) (payload.length >> 8);
            frame[3] = (byte) payload.length;
        }
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        System.arraycopy(mask, 0, frame, 2 + extra, mask.length);
        for (int i = 0; i < payload.length; i++) {
            frame[2 + extra + 4 + i] = (byte) (payload[i] ^ mask[i % 4]);
        }
        socket.write(frame);
    }

    @Override
    public void close() {
        socket.close();
    }
}
