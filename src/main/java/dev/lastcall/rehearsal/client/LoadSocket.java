package dev.lastcall.rehearsal.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A connection to a pod that knows how far the answer has come, so that its end can be told as the loss it is. Each read ends at the
 * deadline. For one thread, but for {@link #close()}.
 */
final class LoadSocket implements Closeable {
    private static final int BUFFER = 8192;
    private static final int STALE_MILLIS = 1;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private long deadline;
    private LossKind ifCut = LossKind.RESET;

    private LoadSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    static LoadSocket open(int port, Duration limit) throws ClientLoss {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis(limit.toNanos()));
            return new LoadSocket(socket);
        } catch (SocketTimeoutException e) {
            closeQuietly(socket);
            throw new ClientLoss(LossKind.TIME_OUT, "no connection in " + limit.toSeconds() + " s");
        } catch (IOException e) {
            closeQuietly(socket);
            throw new ClientLoss(LossKind.REFUSED, words(e));
        }
    }

    /** Begins an exchange that must be over in this time. */
    void begin(Duration limit) {
        deadline = System.nanoTime() + limit.toNanos();
        ifCut = LossKind.RESET;
    }

    /** Says what an end of the connection means from now on. */
    void ifCut(LossKind kind) {
        ifCut = kind;
    }

    /** A failure is none yet: the answer may have come before the connection broke, and the next read tells. */
    void write(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            // See above.
        }
    }

    /** Whether there is a byte that can be read at once. */
    boolean hasBytes() {
        try {
            return at < end || in.available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the peer has closed it, or sent something unasked: then a pool does not use it again. */
    boolean isStale() {
        if (at < end) {
            return true;
        }
        try {
            socket.setSoTimeout(STALE_MILLIS);
            in.read();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** The next byte of what must go on. */
    int read() throws ClientLoss {
        int next = readOrEnd();
        if (next < 0) {
            throw new ClientLoss(ifCut, "closed");
        }
        return next;
    }

    /** The next byte, or -1 where the peer has closed the connection without breaking it. */
    int readOrEnd() throws ClientLoss {
        if (at == end && !fill()) {
            return -1;
        }
        return buffer[at++] & 0xff;
    }

    private boolean fill() throws ClientLoss {
        long left = deadline - System.nanoTime();
        try {
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout(millis(left));
            at = 0;
            end = Math.max(0, in.read(buffer));
        } catch (SocketTimeoutException e) {
            throw new ClientLoss(LossKind.TIME_OUT, ifCut == LossKind.RESET ? "no answer" : "not whole");
        } catch (IOException e) {
            throw new ClientLoss(ifCut, words(e));
        }
        if (end > 0 && ifCut == LossKind.RESET) {
            ifCut = LossKind.CUT_HEAD;
        }
        return end > 0;
    }

    private static int millis(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, nanos / 1_000_000));
    }

    private static String words(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is not used again.
        }
    }
}
