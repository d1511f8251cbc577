package dev.lastcall.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The memory that a client's idle connection costs the proxy, after one request on it. */
final class Idle {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private Idle() {}

    /** Arguments: the proxy's port, its process id, how many connections. */
    public static void main(String... args) throws Exception {
        int port = Integer.parseInt(args[0]);
        long pid = Long.parseLong(args[1]);
        int count = Integer.parseInt(args[2]);
        // What the first connections make the proxy allocate once is not theirs.
        List<Socket> first = open(port, 200);
        Memory before = Memory.of(pid);
        List<Socket> all = open(port, count);
        TimeUnit.SECONDS.sleep(2);
        System.out.println("bytes an idle connection: " + Memory.of(pid).minus(before, count));
        for (Socket socket : first) {
            socket.close();
        }
        for (Socket socket : all) {
            socket.close();
        }
    }

    private static List<Socket> open(int port, int count) throws IOException {
        List<Socket> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream().write(REQUEST);
            if (socket.getInputStream().read(new byte[4096]) < 0) {
                throw new IOException("closed");
            }
            all.add(socket);
        }
        return all;
    }
}
