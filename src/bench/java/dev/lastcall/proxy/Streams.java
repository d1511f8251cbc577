package dev.lastcall.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Many server-sent event streams at 10 events a second each: how late an event is at its client. Server and clients are one process, so
 * that they have one clock; between them is the proxy, or nothing.
 */
final class Streams {
    private static final int PER_SECOND = 10;
    private static final int STAMP = 20;
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    /** "1c" is 28: "data: ", the stamp, two line feeds. */
    private static final String EVENT = "1c\r\ndata: %0" + STAMP + "d\n\n\r\n";

    private final List<SocketChannel> served = new CopyOnWriteArrayList<>();
    private final long[] late;
    private int events;
    private volatile boolean measures;

    private Streams(int count, int seconds) {
        late = new long[2 * count * seconds * PER_SECOND];
    }

    /** Arguments: the port to serve on, the port to ask, how many streams, seconds, the proxy's process id or 0. */
    public static void main(String... args) throws Exception {
        int serve = Integer.parseInt(args[0]);
        int ask = Integer.parseInt(args[1]);
        int count = Integer.parseInt(args[2]);
        int seconds = Integer.parseInt(args[3]);
        long pid = Long.parseLong(args[4]);
        new Streams(count, seconds).run(serve, ask, count, seconds, pid);
    }

    private void run(int serve, int ask, int count, int seconds, long pid) throws Exception {
        daemon("server", () -> accept(serve));
        TimeUnit.MILLISECONDS.sleep(200);
        Memory before = pid == 0 ? null : Memory.of(pid);
        Selector selector = Selector.open();
        open(selector, ask, count);
        while (served.size() < count) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        daemon("events", this::send);
        daemon("clients", () -> read(selector));
        TimeUnit.SECONDS.sleep(3);
        long cpu = cpu(pid);
        measures = true;
        TimeUnit.SECONDS.sleep(seconds);
        measures = false;
        cpu = cpu(pid) - cpu;
        Memory after = pid == 0 ? null : Memory.of(pid);
        print(count, seconds);
        if (before != null && after != null) {
            System.out.printf(Locale.ROOT, "CPU an event: %.1f µs%n", cpu / 1e3 / events);
            System.out.println("bytes an open stream: " + after.minus(before, count));
        }
        System.exit(0);
    }

    /** User and system time of a process so far, in ns; 0 where there is none. */
    private static long cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toNanos)
                .orElse(0L);
    }

    private static void open(Selector selector, int port, int count) throws IOException {
        byte[] request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    private void accept(int port) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
        ByteBuffer request = ByteBuffer.allocate(4096);
        while (true) {
            SocketChannel channel = server.accept();
            channel.socket().setTcpNoDelay(true);
            channel.read(request.clear());
            channel.write(ByteBuffer.wrap(HEAD.getBytes(StandardCharsets.ISO_8859_1)));
            channel.configureBlocking(false);
            served.add(channel);
        }
    }

    /** A hundred slices a second, each for a tenth of the streams: no burst that only a queue could take. */
    private void send() throws IOException {
        List<SocketChannel> all = new ArrayList<>(served);
        int slices = 100;
        long start = System.nanoTime();
        for (long slice = 0; ; slice++) {
            long due = start + slice * TimeUnit.SECONDS.toNanos(1) / slices;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                java.util.concurrent.locks.LockSupport.parkNanos(wait);
            }
            int part = (int) (slice % PER_SECOND);
            for (int i = part; i < all.size(); i += PER_SECOND) {
                String event = String.format(Locale.ROOT, EVENT, System.nanoTime());
                all.get(i).write(ByteBuffer.wrap(event.getBytes(StandardCharsets.ISO_8859_1)));
            }
        }
    }

    private void read(Selector selector) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        while (true) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                ((SocketChannel) key.channel()).read(buffer.clear());
                note(buffer.flip(), System.nanoTime());
            }
            selector.selectedKeys().clear();
        }
    }

    private void note(ByteBuffer bytes, long now) {
        String text = StandardCharsets.ISO_8859_1.decode(bytes).toString();
        for (int at = text.indexOf("data: "); at >= 0; at = text.indexOf("data: ", at + 1)) {
            if (measures && at + 6 + STAMP <= text.length() && events < late.length) {
                late[events++] = now - Long.parseLong(text.substring(at + 6, at + 6 + STAMP));
            }
        }
    }

    private void print(int count, int seconds) {
        long[] sorted = Arrays.copyOf(late, events);
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "streams=%d events/s=%d p50=%.3f ms p99=%.3f ms%n",
                count,
                events / seconds,
                sorted[events / 2] / 1e6,
                sorted[(int) (events * 0.99)] / 1e6);
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        e.printStackTrace();
                        System.exit(1);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
