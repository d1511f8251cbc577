package dev.lastcall.run;

import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Model, log, tail and SSE in one: how many tokens a second arrive at the clients of one packaged pod. One thread reads for all of them. */
public final class EndToEndBenchmark {
    private static final int RUNS = Integer.getInteger("bench.runs", 400);
    private static final int PACE = Integer.getInteger("bench.pace", 60);
    private static final int SECONDS = Integer.getInteger("bench.seconds", 10);
    private static final byte[] TOKEN = "\"token\"".getBytes(StandardCharsets.US_ASCII);

    private EndToEndBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        try (Deployment pods =
                new Deployment("model.scripted.tokens-per-second", Integer.toString(PACE), "run.max-owned", "5000")) {
            Pod pod = pods.add();
            try (Selector selector = Selector.open()) {
                for (int i = 0; i < RUNS; i++) {
                    begin(selector, pod.httpPort());
                }
                ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
                read(selector, buffer, SECONDS / 2);
                long start = System.nanoTime();
                long tokens = read(selector, buffer, SECONDS);
                System.out.printf(
                        Locale.ROOT,
                        "%d runs, %d tokens/s offered: %.0f tokens/s at the clients%n",
                        RUNS,
                        RUNS * PACE,
                        tokens * 1e9 / (System.nanoTime() - start));
            }
        }
    }

    static void begin(Selector selector, int port) throws IOException {
        String body = "{\"input\":\"count to 1000000\"}";
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("localhost", port));
        channel.write(ByteBuffer.wrap(
                ("POST /agent/stream HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    /** A token split between two reads is not counted: one in some thousands. */
    static long read(Selector selector, ByteBuffer buffer, double seconds) throws IOException {
        long tokens = 0;
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            selector.select(Math.max(1, Math.min(100, left / 1_000_000)));
            for (SelectionKey key : selector.selectedKeys()) {
                buffer.clear();
                int length = ((SocketChannel) key.channel()).read(buffer);
                if (length < 0) {
                    throw new IOException("a stream has ended");
                }
                tokens += count(buffer.array(), length);
            }
            selector.selectedKeys().clear();
        }
        return tokens;
    }

    private static long count(byte[] bytes, int length) {
        long found = 0;
        for (int at = 0; at <= length - TOKEN.length; at++) {
            int matched = 0;
            while (matched < TOKEN.length && bytes[at + matched] == TOKEN[matched]) {
                matched++;
            }
            found += matched == TOKEN.length ? 1 : 0;
        }
        return found;
    }
}
