package dev.lastcall.histories;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One HTTP/1.1 connection that is read to the byte. */
final class Http1 implements AutoCloseable {
    static final int EVENTS = -1;
    private static final int PATIENCE_MS = 30_000;
    private static final int STAY_MS = 400;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int pieceMs;
    private String wrong = "";
    private boolean saidClose;

    Http1(int port) throws IOException {
        socket = new Socket("localhost", port);
        socket.setSoTimeout(PATIENCE_MS);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** From now on a body is read in pieces of 64 kB with a pause before each. */
    Http1 slowly(int milliseconds) {
        pieceMs = milliseconds;
        return this;
    }

    void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** Why an outcome was WRONG. */
    String wrong() {
        return wrong;
    }

    /** Whether the last answer said that the connection closes. */
    boolean saidClose() {
        return saidClose;
    }

    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("after \"" + line + "\"");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Says nothing more after the first line was echoed, and leaves after a while. */
    Outcome talk(String echo, String goodbye) {
        boolean echoed = false;
        try {
            socket.setSoTimeout(STAY_MS);
            for (String line = line(); ; line = line()) {
                if (line.equals(goodbye)) {
                    return in.read() >= 0 ? Outcome.WRONG : echoed ? Outcome.ENDED_EARLY : Outcome.UNHEARD;
                } else if (!line.equals(echo)) {
                    return Outcome.WRONG;
                }
                echoed = true;
            }
        } catch (SocketTimeoutException e) {
            return echoed ? Outcome.LEFT : Outcome.UNHEARD;
        } catch (IOException e) {
            return echoed ? Outcome.BROKEN : Outcome.NOTHING;
        }
    }

    /** Reads one answer whose whole body is at least so long, or consists of {@link #EVENTS}. */
    Outcome read(int length) {
        boolean begun = false;
        try {
            String status = line();
            begun = true;
            Map<String, String> headers = new HashMap<>();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            saidClose = headers.getOrDefault("connection", "").equalsIgnoreCase("close");
            String body = headers.containsKey("content-length")
                    ? bytes(Integer.parseInt(headers.get("content-length")))
                    : chunks();
            return judge(status, headers, body, length);
        } catch (SocketTimeoutException e) {
            wrong = "silence for " + PATIENCE_MS + " ms";
            return Outcome.WRONG;
        } catch (IOException e) {
            return begun ? Outcome.BROKEN : Outcome.NOTHING;
        }
    }

    private Outcome judge(String status, Map<String, String> headers, String body, int length) {
        if (status.startsWith("HTTP/1.1 200")) {
            Outcome outcome = length == EVENTS
                    ? outcomeOfStream(body)
                    : body.length() >= length ? Outcome.ANSWERED : Outcome.WRONG;
            wrong = outcome == Outcome.WRONG ? body.length() + " characters: " + body : "";
            return outcome;
        }
        wrong = status + " " + headers + " " + body.substring(0, Math.min(80, body.length()));
        boolean refusal = status.startsWith("HTTP/1.1 503")
                && headers.getOrDefault("content-type", "").equals("application/problem+json")
                && body.contains("\"retryable\":true")
                && headers.getOrDefault("retry-after", "").equals("1")
                && headers.getOrDefault("retry-after-ms", "0").matches("[2-4]\\d\\d|500")
                && headers.getOrDefault("x-should-retry", "").equals("true")
                && saidClose;
        return refusal ? Outcome.REFUSED : Outcome.WRONG;
    }

    /** A stream that was told to end does so behind an event. */
    static Outcome outcomeOfStream(String body) {
        if (body.endsWith("data: end\n\n")) {
            return Outcome.ANSWERED;
        }
        return body.isEmpty() || body.endsWith("\n\n") ? Outcome.ENDED_EARLY : Outcome.WRONG;
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.append(bytes(size));
            line();
        }
        line();
        return body.toString();
    }

    private String bytes(int count) throws IOException {
        StringBuilder body = new StringBuilder(count);
        byte[] piece = new byte[64 << 10];
        while (body.length() < count) {
            pause(pieceMs);
            int read = in.read(piece, 0, Math.min(piece.length, count - body.length()));
            if (read < 0) {
                throw new EOFException();
            }
            body.append(new String(piece, 0, read, StandardCharsets.ISO_8859_1));
        }
        return body.toString();
    }

    static void pause(int milliseconds) {
        if (milliseconds > 0) {
            try {
                Thread.sleep(milliseconds);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
