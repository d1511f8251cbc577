package dev.lastcall.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Does kube-proxy's work on one port of this machine: each new connection goes to the next of the current endpoints, and stays there
 * whatever becomes of that endpoint; half-closes and resets are passed on. No retries. Thread-safe.
 */
public final class Forwarder implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final List<Integer> endpoints = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(Forwarder::daemon);
    private final ServerSocket server;
    private int next;

    private Forwarder(ServerSocket server) {
        this.server = server;
    }

    /** Listens, with no endpoint yet: connections are reset until there is one. */
    public static Forwarder start() {
        try {
            Forwarder forwarder = new Forwarder(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
            forwarder.threads.execute(forwarder::accept);
            return forwarder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** New connections may go to this port from now on. */
    public void add(int port) {
        endpoints.add(port);
    }

    /** New connections go to this port no more; those it has stay. */
    public void withdraw(int port) {
        endpoints.remove((Integer) port);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Object[] current = endpoints.toArray();
                if (current.length == 0) {
                    reset(client);
                } else {
                    int port = (int) current[next++ % current.length];
                    threads.execute(() -> forward(client, port));
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void forward(Socket client, int port) {
        try (Socket pod = new Socket(InetAddress.getLoopbackAddress(), port);
                client) {
            open.add(client);
            client.setTcpNoDelay(true);
            pod.setTcpNoDelay(true);
            var requests = threads.submit(() -> pass(client, pod));
            pass(pod, client);
            requests.get();
        } catch (IOException e) {
            reset(client);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            reset(from);
            reset(to);
        }
    }

    /** Without a FIN, as a kernel answers where nobody listens. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }

    private static Thread daemon(Runnable action) {
        Thread thread = new Thread(action, "forwarder");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(Forwarder::reset);
        threads.shutdownNow();
    }
}
