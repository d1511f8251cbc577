package dev.lastcall.proxy;

import dev.lastcall.http.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An application that decides about every byte: one thread and one call of the script for each connection, which is closed behind it. */
public final class Upstream implements AutoCloseable {
    final AtomicInteger connections = new AtomicInteger();
    /** The failures of the script. */
    final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final Script script;

    /** The application's behaviour on one connection. */
    public interface Script {
        void run(RawClient client) throws IOException, InterruptedException;
    }

    public Upstream(Script script) {
        this(0, script);
    }

    public Upstream(int port, Script script) {
        this.script = script;
        try {
            server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Answers every request on a connection alike, whatever it is; requests have no body. */
    public static Upstream answering(String answer) {
        return new Upstream(client -> {
            while (true) {
                client.readTo("\r\n\r\n");
                client.sendBytes(answer.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (RawClient client = new RawClient(socket)) {
            script.run(client);
        } catch (IOException | InterruptedException | AssertionError e) {
            failures.add(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
