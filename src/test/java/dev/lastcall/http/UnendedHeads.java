package dev.lastcall.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Twenty clients whose heads of 50 000 bytes do not end, half of them of HTTP/2: each holds less than a head may have. */
public final class UnendedHeads implements AutoCloseable {
    private static final int CLIENTS = 20;
    private static final int PART = 12_500;
    private static final int CONTINUATION = 9;

    private final List<RawClient> clients = new ArrayList<>();

    public UnendedHeads(int port) throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            RawClient client = new RawClient(port);
            clients.add(client);
            if (i % 2 == 0) {
                client.write("GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(4 * PART));
            } else {
                Http2Frames.begin(client);
                for (int part = 0; part < 4; part++) {
                    int type = part == 0 ? Http2Frames.HEADERS : CONTINUATION;
                    client.sendBytes(Http2Frames.frame(type, 0, 1, new byte[PART]));
                }
            }
        }
    }

    /** How many of them the server has ended. */
    public int ended() throws IOException {
        int ended = 0;
        for (RawClient client : clients) {
            ended += client.hasEnded() ? 1 : 0;
        }
        return ended;
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }
}
