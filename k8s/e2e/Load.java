import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The load of e2e.sh: {@code java Load.java URL service|sidecar MAX_SECONDS LONG_EVENTS}. Short requests on connections of their own and on kept ones, short
 * and long streams, until its input ends. Says READY once each kind has had an answer, and what was lost at the end; exit code 1 where
 * anything was. Every exchange counts, none is tried again: on a kept connection only the look for an end that has already come is made,
 * which every client makes.
 */
final class Load {
    private static final int FRESH = 2;
    private static final int KEPT = 4;
    private static final int SHORT_STREAMS = 4;
    private static final int LONG_STREAMS = 2;
    private static final int PATIENCE_MS = 90_000;

    private final URI target;
    private final boolean sidecar;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(4);
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private Load(URI target, boolean sidecar) {
        this.target = target;
        this.sidecar = sidecar;
    }

    public static void main(String[] arguments) throws Exception {
        Load load = new Load(URI.create(arguments[0]), arguments[1].equals("sidecar"));
        System.exit(load.run(Long.parseLong(arguments[2]), Integer.parseInt(arguments[3])) ? 0 : 1);
    }

    private static final class Kind {
        final String name;
        final AtomicLong served = new AtomicLong();
        final AtomicLong told = new AtomicLong();
        final AtomicLong lost = new AtomicLong();

        Kind(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return String.format("%-16s served=%d told-to-end=%d lost=%d", name, served.get(), told.get(), lost.get());
        }
    }

    private boolean run(long maxSeconds, int longEvents) throws Exception {
        Kind fresh = new Kind("fresh");
        Kind kept = new Kind("keep-alive");
        Kind shorter = new Kind("short-streams");
        Kind longer = new Kind("long-streams");
        List<Thread> threads = new ArrayList<>();
        start(threads, FRESH, () -> requests(fresh, false));
        start(threads, KEPT, () -> requests(kept, true));
        start(threads, SHORT_STREAMS, () -> streams(shorter, 100));
        start(threads, LONG_STREAMS, () -> streams(longer, longEvents));
        Thread input = new Thread(this::readInput);
        input.setDaemon(true);
        input.start();
        if (answered.await(60, TimeUnit.SECONDS)) {
            System.out.println("READY");
        }
        stopped.await(maxSeconds, TimeUnit.SECONDS);
        stopped.countDown();
        for (Thread thread : threads) {
            thread.join(PATIENCE_MS);
        }
        failures.stream().limit(20).forEach(System.out::println);
        long lost = 0;
        boolean loaded = true;
        for (Kind kind : List.of(fresh, kept, shorter, longer)) {
            System.out.println(kind);
            lost += kind.lost.get();
            loaded &= kind.served.get() + kind.told.get() > 0;
        }
        System.out.println("lost=" + lost);
        return lost == 0 && loaded;
    }

    private void start(List<Thread> threads, int count, Runnable work) {
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(work);
            thread.start();
            threads.add(thread);
        }
    }

    private void readInput() {
        try {
            while (System.in.read() >= 0) {
                // Only its end counts.
            }
        } catch (IOException e) {
            // The same.
        }
        stopped.countDown();
    }

    /** True when the load is to end; else after this pause. */
    private boolean pause(long millis) {
        try {
            return stopped.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void requests(Kind kind, boolean keep) {
        Connection connection = null;
        boolean first = true;
        while (!pause(20)) {
            try {
                if (connection == null || connection.isOver()) {
                    connection = new Connection();
                }
                connection.send(sidecar ? request("GET", "/", "", keep) : request("POST", "/agent/run", "{\"input\":\"hello\"}", keep));
                Answer answer = connection.answer(null);
                if (answer.status != 200) {
                    throw new IOException("status " + answer.status);
                }
                kind.served.incrementAndGet();
                if (first) {
                    answered.countDown();
                    first = false;
                }
                if (!keep || answer.closes) {
                    connection.close();
                    connection = null;
                }
            } catch (IOException e) {
                lost(kind, e);
                if (connection != null) {
                    connection.close();
                }
                connection = null;
            }
        }
    }

    private void streams(Kind kind, int events) {
        boolean first = true;
        while (!pause(50)) {
            try (Connection connection = new Connection()) {
                connection.send(sidecar
                        ? request("GET", "/stream?events=" + events, "", false)
                        : request("POST", "/agent/stream", "{\"input\":\"count to " + events + "\"}", false));
                Events seen = new Events();
                if (first) {
                    answered.countDown();
                    first = false;
                }
                Answer answer = connection.answer(seen);
                if (answer.status != 200) {
                    throw new IOException("status " + answer.status);
                }
                if (seen.ended) {
                    (seen.told ? kind.told : kind.served).incrementAndGet();
                } else if (sidecar && seen.whole) {
                    // The sidecar knows no word of the application's: its end is the answer's, behind a whole event.
                    kind.told.incrementAndGet();
                } else {
                    throw new IOException("ended without its end event after " + seen.count + " events");
                }
            } catch (IOException e) {
                lost(kind, e);
            }
        }
    }

    private void lost(Kind kind, IOException e) {
        kind.lost.incrementAndGet();
        failures.add("LOST " + java.time.LocalTime.now() + " " + kind.name + ": " + e);
        pause(50);
    }

    private String request(String method, String path, String body, boolean keep) {
        return method + " " + path + " HTTP/1.1\r\nHost: " + target.getAuthority() + "\r\nConnection: "
                + (keep ? "keep-alive" : "close") + "\r\n"
                + (body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")
                + "\r\n" + body;
    }

    /** The data lines of a stream: numbered without a gap, one end. */
    private static final class Events {
        private final StringBuilder rest = new StringBuilder();
        int count;
        boolean ended;
        boolean told;
        boolean whole = true;

        void add(String piece) throws IOException {
            rest.append(piece);
            int end = rest.indexOf("\n");
            while (end >= 0) {
                line(rest.substring(0, end).trim());
                rest.delete(0, end + 1);
                end = rest.indexOf("\n");
            }
            whole = rest.length() == 0;
        }

        private void line(String line) throws IOException {
            if (!line.startsWith("data:")) {
                return;
            }
            if (ended) {
                throw new IOException("an event after the end: " + line);
            }
            if (line.contains("\"end\"")) {
                ended = true;
                told = line.contains("\"shutdown\"");
                if (!told && !line.contains("\"completed\"")) {
                    throw new IOException("ended otherwise: " + line);
                }
            } else {
                if (!line.contains("\"n\":" + count + ",")) {
                    throw new IOException("event " + count + " is missing: " + line);
                }
                count++;
            }
        }
    }

    private record Answer(int status, boolean closes) {}

    private final class Connection implements AutoCloseable {
        private final Socket socket = new Socket();
        private final InputStream in;

        Connection() throws IOException {
            int port = target.getPort() < 0 ? 80 : target.getPort();
            try {
                socket.connect(new InetSocketAddress(target.getHost(), port), 5000);
            } catch (ConnectException | SocketTimeoutException e) {
                throw new IOException("not connected: " + e.getMessage());
            }
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }

        /** Whether the other side has already closed. */
        boolean isOver() {
            try {
                socket.setSoTimeout(1);
                return in.read() >= -1;
            } catch (SocketTimeoutException e) {
                return false;
            } catch (IOException e) {
                return true;
            }
        }

        void send(String request) throws IOException {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        }

        Answer answer(Events events) throws IOException {
            String[] status = line().split(" ");
            long length = -1;
            boolean chunked = false;
            boolean closes = false;
            for (String field = line(); !field.isEmpty(); field = line()) {
                String small = field.toLowerCase(Locale.ROOT).replace(" ", "");
                if (small.startsWith("content-length:")) {
                    length = Long.parseLong(small.substring(15));
                }
                chunked |= small.equals("transfer-encoding:chunked");
                closes |= small.equals("connection:close");
            }
            int code = Integer.parseInt(status[1]);
            if (chunked) {
                for (int size = chunkSize(); size > 0; size = chunkSize()) {
                    take(size, code == 200 ? events : null);
                    line();
                }
                line();
            } else if (length >= 0) {
                take((int) length, code == 200 ? events : null);
            } else {
                throw new IOException("an answer without a length");
            }
            return new Answer(code, closes);
        }

        private int chunkSize() throws IOException {
            return Integer.parseInt(line().replaceFirst(";.*", "").trim(), 16);
        }

        private void take(int size, Events events) throws IOException {
            byte[] bytes = in.readNBytes(size);
            if (bytes.length < size) {
                throw new EOFException("cut in the middle of an answer");
            }
            if (events != null) {
                events.add(new String(bytes, StandardCharsets.US_ASCII));
            }
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException("closed " + (line.size() == 0 ? "instead of an answer" : "in the middle of a line"));
                }
                if (next != '\r') {
                    line.write(next);
                }
            }
            return line.toString(StandardCharsets.US_ASCII);
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // It is over either way.
            }
        }
    }
}
