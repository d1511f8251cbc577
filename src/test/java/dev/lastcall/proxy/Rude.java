package dev.lastcall.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A program that keeps to no rule, {@code java Rude.java <port>}: what it does is the path that it is asked for. */
public final class Rude {
    private Rude() {}

    /** Listens on the loopback address until it is killed, or asked for {@code /die}. */
    public static void main(String... args) throws IOException {
        try (ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 64, InetAddress.getLoopbackAddress())) {
            System.out.println("rude listens on " + server.getLocalPort());
            while (true) {
                Socket client = server.accept();
                Thread thread = new Thread(() -> serve(client));
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static void serve(Socket client) {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            String path = path(in);
            System.out.println("asked for " + path);
            answer(path, client.getOutputStream());
        } catch (IOException e) {
            System.out.println("gone: " + e);
        }
    }

    private static String path(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("end of stream after: " + head);
            }
            head.append((char) next);
        }
        return head.substring(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
    }

    private static void answer(String path, OutputStream out) throws IOException {
        switch (path) {
            case "/garbage" -> write(out, "SSH-2.0-OpenSSH_9.2p1\r\n\r\n");
            case "/silence" -> write(out, "");
            case "/half" -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            case "/die" -> {
                write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
                // As a crash would: nothing is closed by the program.
                Runtime.getRuntime().halt(1);
            }
            default -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
