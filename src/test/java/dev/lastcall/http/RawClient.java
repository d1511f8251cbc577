package dev.lastcall.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that decides about every byte, and sees every byte. */
public final class RawClient implements AutoCloseable {
    /** The head of a request that becomes a WebSocket of the agent's. */
    public static final String AGENT_SOCKET = String.join(
            "\r\n",
            "GET /agent/ws HTTP/1.1",
            "Host: localhost",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "\r\n");

    private static final int TIMEOUT_MS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    public RawClient(int port) throws IOException {
        this(new Socket("localhost", port));
    }

    public RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MS);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Sends lines, each ended with CRLF; an empty last line ends a head. */
    public RawClient send(String... lines) throws IOException {
        return sendBytes((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Sends exactly this text. */
    public RawClient write(String text) throws IOException {
        return sendBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Says that nothing more comes. */
    public RawClient halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    public RawClient get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1", "Host: localhost", "");
    }

    /** Reads up to and including the text. */
    public String readTo(String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("end of stream before \"" + end + "\" after: " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }

    /** Reads a head and the body of the length it tells. */
    public String readAnswer() throws IOException {
        String head = readTo("\r\n\r\n");
        String lower = head.toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length: ");
        if (at < 0) {
            return head;
        }
        int length = Integer.parseInt(
                lower.substring(at + 16, lower.indexOf('\r', at)).trim());
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** Reads that many bytes to nowhere, fewer where the stream ends; returns how many. */
    public long discard(long length) throws IOException {
        byte[] block = new byte[1 << 16];
        long read = 0;
        for (int n = 0; read < length && n >= 0; read += Math.max(n, 0)) {
            n = in.read(block, 0, (int) Math.min(block.length, length - read));
        }
        return read;
    }

    /** Reads so many bytes; fails where the connection ends before. */
    public byte[] read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** Whether the server has ended the connection, by now or within half a second; what it said before is skipped. */
    public boolean hasEnded() throws IOException {
        socket.setSoTimeout(500);
        try {
            readToEnd();
            return true;
        } catch (java.net.SocketTimeoutException silent) {
            return false;
        } catch (java.net.SocketException reset) {
            return true;
        } finally {
            if (!socket.isClosed()) {
                socket.setSoTimeout(TIMEOUT_MS);
            }
        }
    }

    /** Everything until the server closes. */
    public byte[] readToEnd() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        in.transferTo(all);
        return all.toByteArray();
    }

    /** Resets the connection, in the middle of whatever is under way. */
    void vanish() throws IOException {
        socket.close();
    }

    /** Its close is a reset. */
    public void resetOnClose() throws IOException {
        socket.setSoLinger(true, 0);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
