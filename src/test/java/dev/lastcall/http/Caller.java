package dev.lastcall.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A client with one connection and no retries. It reuses the connection until an answer says {@code Connection: close}, and looks before
 * it sends whether the server has closed it meanwhile. A request that crosses the server's close on the wire, on a reused connection and
 * without one byte of an answer, is sent again as RFC 9112, 9.3.1 allows, and counted.
 */
final class Caller implements Runnable, AutoCloseable {
    private static final int ANSWER_TIMEOUT_MS = 60_000;
    private static final int LOOK_MS = 1;

    private final int port;
    private final String request;
    private final String expected;
    private final boolean keepsAlive;
    private final Tally tally;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    /** The totals of all callers. */
    record Tally(LongAdder served, LongAdder reused, LongAdder crossed, Queue<String> lost) {
        Tally() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new ConcurrentLinkedQueue<>());
        }
    }

    /** Thrown when no byte of an answer came. */
    private static final class Unanswered extends IOException {
        private static final long serialVersionUID = 1L;

        Unanswered(String message) {
            super(message);
        }
    }

    /**
     * @param expected what a whole answer contains once
     * @param keepsAlive false: a fresh connection for each request
     */
    Caller(int port, String path, String input, String expected, boolean keepsAlive, Tally tally) {
        String body = "{\"input\":\"" + input + "\"}";
        request = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n" + (keepsAlive ? "" : "Connection: close\r\n") + "\r\n" + body;
        this.port = port;
        this.expected = expected;
        this.keepsAlive = keepsAlive;
        this.tally = tally;
    }

    @Override
    public void run() {
        try {
            boolean reuses = isOpen();
            if (reuses) {
                tally.reused().increment();
            }
            check(reuses ? onReused() : onFresh());
            tally.served().increment();
        } catch (IOException | RuntimeException e) {
            tally.lost().add(request.lines().findFirst().orElseThrow() + ": " + e);
            close();
        }
    }

    private String onReused() throws IOException {
        try {
            return exchange();
        } catch (Unanswered e) {
            tally.crossed().increment();
            return onFresh();
        }
    }

    private String onFresh() throws IOException {
        close();
        Socket fresh = new Socket(InetAddress.getLoopbackAddress(), port);
        socket = fresh;
        fresh.setTcpNoDelay(true);
        in = new BufferedInputStream(fresh.getInputStream());
        return exchange();
    }

    /** Whether there is a connection to reuse, by looking for the server's FIN. */
    private boolean isOpen() throws IOException {
        if (socket == null || in == null) {
            return false;
        }
        socket.setSoTimeout(LOOK_MS);
        try {
            int unasked = in.read();
            if (unasked >= 0) {
                throw new IOException("a byte that nobody asked for: " + unasked);
            }
        } catch (SocketTimeoutException e) {
            return true;
        }
        return false;
    }

    private String exchange() throws IOException {
        if (socket == null || in == null) {
            throw new IllegalStateException("no connection");
        }
        socket.setSoTimeout(ANSWER_TIMEOUT_MS);
        int first = send(socket, in);
        if (first < 0) {
            throw new Unanswered("closed without an answer");
        }
        String head = (char) first + line(in);
        String fields = fields(in);
        byte[] body = body(fields, in);
        if (!keepsAlive || fields.contains("connection: close\r\n")) {
            close();
        }
        return head + "\r\n\r\n" + new String(body, StandardCharsets.UTF_8);
    }

    private int send(Socket to, InputStream from) throws IOException {
        try {
            to.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return from.read();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            throw new Unanswered(e.toString());
        }
    }

    private static String fields(InputStream in) throws IOException {
        StringBuilder fields = new StringBuilder();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            fields.append(line.toLowerCase(Locale.ROOT)).append("\r\n");
        }
        return fields.toString();
    }

    private static byte[] body(String fields, InputStream in) throws IOException {
        if (fields.contains("transfer-encoding: chunked\r\n")) {
            var body = new ByteArrayOutputStream();
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                body.write(exactly(in, size));
                line(in);
            }
            line(in);
            return body.toByteArray();
        }
        int at = fields.indexOf("content-length: ") + 16;
        return exactly(in, Integer.parseInt(fields.substring(at, fields.indexOf('\r', at))));
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("cut after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("cut after: " + line);
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    private void check(String answer) throws IOException {
        int at = answer.indexOf(expected);
        if (!answer.startsWith("HTTP/1.1 2") || at < 0 || answer.indexOf(expected, at + 1) >= 0) {
            throw new IOException("expected a 2xx with one " + expected + " but was: " + answer);
        }
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
        socket = null;
        in = null;
    }
}
