package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.RawClient;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Bodies larger than the memory pass at the pace of their reader. */
class BulkTest {
    private static final int SIZE = 200 << 20;
    private static final byte[] BLOCK = new byte[1 << 20];
    /** The kernel's and Netty's buffers on four sockets, generously. */
    private static final long IN_BETWEEN = 40L << 20;

    static {
        Arrays.fill(BLOCK, (byte) 'x');
    }

    private static void writeAll(RawClient to, Counter counter) throws IOException {
        for (int i = 0; i < SIZE / BLOCK.length; i++) {
            to.sendBytes(BLOCK);
            counter.add(BLOCK.length);
        }
    }

    /** Counts the bytes that were written. */
    private static final class Counter {
        private long sum;

        synchronized void add(long more) {
            sum += more;
            notifyAll();
        }

        /** Returns once nothing was added for half a second. */
        synchronized long settled() throws InterruptedException {
            long before = -1;
            while (before != sum) {
                before = sum;
                wait(500);
                // Woken by an addition, it looks again.
            }
            return sum;
        }
    }

    @Test
    void downloadWaitsForItsReaderAndArrivesWhole() throws Exception {
        Counter sent = new Counter();
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    client.send("HTTP/1.1 200 OK", "Content-Length: " + SIZE, "");
                    writeAll(client, sent);
                    client.readToEnd();
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                Socket socket = new Socket("localhost", sidecar.port())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(sent.settled()).isLessThan(IN_BETWEEN);
            long direct = PlatformDependent.usedDirectMemory();
            long read = 0;
            for (int n = socket.getInputStream().read(BLOCK.clone());
                    n >= 0;
                    n = socket.getInputStream().read(new byte[1 << 16])) {
                read += n;
            }
            assertThat(read).isGreaterThan(SIZE);
            assertThat(PlatformDependent.usedDirectMemory() - direct).isLessThan(IN_BETWEEN);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(sidecar.inFlight.count()).isZero());
        }
    }

    @Test
    void uploadWaitsForTheApplicationAndArrivesWhole() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        Counter sent = new Counter();
        try (Upstream upstream = new Upstream(client -> {
                    client.readTo("\r\n\r\n");
                    reads.await(60, TimeUnit.SECONDS);
                    long length = client.discard(SIZE);
                    client.send("HTTP/1.1 200 OK", "Content-Length: 0", "X-Read: " + length, "");
                });
                ServedSidecar sidecar = new ServedSidecar(upstream.port());
                RawClient client = sidecar.client()) {
            client.send("POST / HTTP/1.1", "Host: a", "Content-Length: " + SIZE, "");
            Thread writer = new Thread(() -> {
                try {
                    writeAll(client, sent);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            writer.start();
            assertThat(sent.settled()).isLessThan(IN_BETWEEN);
            reads.countDown();
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").contains("X-Read: " + SIZE);
            writer.join(60_000);
        }
    }
}
