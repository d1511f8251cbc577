package dev.lastcall.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/**
 * One connection whose client says all it has at once, half-closes, and reads to the end. For half of all words it half-closes only when nothing
 * comes any more: an exchange whose answer has not begun ends with its client, and would never come to the application.
 */
public final class Talk {
    private static final int PATIENCE_MS = 60_000;
    private static final int BEGIN_MS = 50;
    private static final int SILENCE_MS = 5;
    private static final int LONGEST = 1 << 20;

    private Talk() {}

    /** Returns what was answered; a reset ends it as well as a FIN, silence after the half-close fails. */
    public static byte[] with(int port, byte[] words) {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            say(socket, words, heard);
            socket.setSoTimeout(PATIENCE_MS);
            hear(socket.getInputStream(), heard);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not closed after " + PATIENCE_MS + " ms", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return heard.toByteArray();
    }

    private static void say(Socket socket, byte[] words, ByteArrayOutputStream heard) {
        try {
            socket.getOutputStream().write(words);
            if ((Arrays.hashCode(words) & 1) == 0) {
                hearUntilSilence(socket, heard);
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            // It has refused the beginning, and that can be read.
        }
    }

    private static void hearUntilSilence(Socket socket, ByteArrayOutputStream heard) throws IOException {
        socket.setSoTimeout(BEGIN_MS);
        try {
            while (hearPiece(socket.getInputStream(), heard)) {
                socket.setSoTimeout(SILENCE_MS);
            }
        } catch (SocketTimeoutException e) {
            // That is all.
        }
    }

    private static void hear(InputStream in, ByteArrayOutputStream heard) throws IOException {
        try {
            while (hearPiece(in, heard)) {
                // To the end.
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // A reset.
        }
    }

    private static boolean hearPiece(InputStream in, ByteArrayOutputStream heard) throws IOException {
        byte[] piece = new byte[4096];
        int read = in.read(piece);
        if (read > 0) {
            heard.write(piece, 0, read);
        }
        if (heard.size() > LONGEST) {
            throw new AssertionError("an answer without end");
        }
        return read >= 0;
    }
}
