package dev.lastcall.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The network between one client and a port of this machine. It can be cut in one direction or both, as by a lost route: nobody is told, and what was
 * sent meanwhile comes when it is mended. It can be slow, and it can reset what is connected. Thread-safe.
 */
public final class FaultyLink implements AutoCloseable {
    /** The directions, seen from the client. */
    public enum Way {
        THERE,
        BACK
    }

    private static final int BACKLOG = 128;

    private final ServerSocket server;
    private final int target;
    private final Set<Way> cut = EnumSet.noneOf(Way.class);
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(FaultyLink::daemon);
    private volatile Duration delay = Duration.ZERO;

    private FaultyLink(int target, ServerSocket server) {
        this.target = target;
        this.server = server;
    }

    /** Listens on a free port for what is to go to this one. */
    public static FaultyLink to(int target) {
        try {
            FaultyLink link = new FaultyLink(target, new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
            link.threads.execute(link::accept);
            return link;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Nothing passes in these directions until {@link #mend}. */
    public synchronized void cut(Set<Way> ways) {
        cut.addAll(ways);
    }

    /** Each piece is late by so much. */
    public void delay(Duration each) {
        delay = each;
    }

    /** Everything passes at once, also what was held. */
    public synchronized void mend() {
        cut.clear();
        delay = Duration.ZERO;
        notifyAll();
    }

    /** Resets all connections that there are. */
    public void reset() {
        open.forEach(FaultyLink::reset);
    }

    private synchronized void awaitPassage(Way way) throws InterruptedException {
        while (cut.contains(way)) {
            wait();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                threads.execute(() -> connect(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void connect(Socket client) {
        open.add(client);
        try (client;
                Socket there = new Socket(InetAddress.getLoopbackAddress(), target)) {
            client.setTcpNoDelay(true);
            there.setTcpNoDelay(true);
            open.add(there);
            var sending = threads.submit(() -> pass(client, there, Way.THERE));
            pass(there, client, Way.BACK);
            sending.get();
            open.remove(there);
        } catch (IOException | java.util.concurrent.ExecutionException e) {
            reset(client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void pass(Socket from, Socket to, Way way) {
        byte[] piece = new byte[16 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                awaitPassage(way);
                TimeUnit.NANOSECONDS.sleep(delay.toNanos());
                out.write(piece, 0, read);
            }
            awaitPassage(way);
            to.shutdownOutput();
        } catch (IOException e) {
            reset(from);
            reset(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }

    private static Thread daemon(Runnable action) {
        Thread thread = new Thread(action, "link");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reset();
        threads.shutdownNow();
    }
}
