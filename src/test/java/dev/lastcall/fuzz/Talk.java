package dev.lastcall.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** One connection whose client says all it has at once, half-closes, and reads to the end. */
public final class Talk {
    private static final int PATIENCE_MS = 60_000;
    private static final int LONGEST = 1 << 20;

    private Talk() {}

    /** Returns what was answered; a reset ends it as well as a FIN, silence fails. */
    public static byte[] with(int port, byte[] words) {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.setTcpNoDelay(true);
            say(socket, words);
            hear(socket.getInputStream(), heard);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not closed after " + PATIENCE_MS + " ms", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return heard.toByteArray();
    }

    private static void say(Socket socket, byte[] words) {
        try {
            socket.getOutputStream().write(words);
            socket.shutdownOutput();
        } catch (IOException e) {
            // It has refused the beginning, and that can be read.
        }
    }

    private static void hear(InputStream in, ByteArrayOutputStream heard) throws IOException {
        byte[] piece = new byte[4096];
        try {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                heard.write(piece, 0, read);
                if (heard.size() > LONGEST) {
                    throw new AssertionError("an answer without end");
                }
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // A reset.
        }
    }
}
