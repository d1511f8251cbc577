package dev.lastcall.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A fixed number of equal requests over a few keep-alive connections, each sent when the one before it is answered. */
final class Requests {
    private static final int CONNECTIONS = 8;
    private static final byte[] REQUEST = "GET /nothing HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\n\r\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    private static final String EXPECTED = "HTTP/1.1 404 ";

    private Requests() {}

    static void send(int port, int count) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(threads.submit(() -> {
                    sendOnOne(port, count / CONNECTIONS);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void sendOnOne(int port, int count) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            int length = 0;
            for (int i = 0; i < count; i++) {
                socket.getOutputStream().write(REQUEST);
                // All answers are equal: the first one tells the length of the others.
                length = length == 0 ? firstAnswer(in) : expect(in, length);
            }
        }
    }

    private static int firstAnswer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length: ") + 16;
        int body = Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)));
        check(head.toString());
        in.readNBytes(body);
        return head.length() + body;
    }

    private static int expect(InputStream in, int length) throws IOException {
        byte[] answer = in.readNBytes(length);
        check(new String(answer, 0, Math.min(answer.length, EXPECTED.length()), StandardCharsets.ISO_8859_1));
        return length;
    }

    private static void check(String answer) throws IOException {
        if (!answer.startsWith(EXPECTED)) {
            throw new IOException("expected " + EXPECTED + "but was: " + answer);
        }
    }
}
