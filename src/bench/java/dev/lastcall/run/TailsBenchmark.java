package dev.lastcall.run;

import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Time;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.execution.ResponseEventWriter;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.CommitListener;
import dev.lastcall.run.log.NewResponse;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.postgres.PostgresRuns;
import dev.lastcall.run.postgres.RunSettings;
import dev.lastcall.run.redis.RedisCommitAnnouncer;
import dev.lastcall.run.tail.Tails;
import dev.lastcall.testing.Pod;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Redis;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Many clients that follow runs of somebody else on one packaged pod: most runs say nothing, some a token a second. How much memory the
 * pod takes, and how long after its commit an event is at its client; without news by Redis, then with. One thread reads for all clients.
 */
public final class TailsBenchmark {
    private static final int TAILS = Integer.getInteger("bench.tails", 10_000);
    private static final int ACTIVE = Integer.getInteger("bench.active-tails", 1_000);
    private static final int SECONDS = Integer.getInteger("bench.tail-seconds", 15);
    private static final byte[] TOKEN = "\"token\"".getBytes(StandardCharsets.US_ASCII);

    private final PostgresRuns runs;
    private final Holder holder;
    private final CommitListener news;
    /** The times at which tokens were committed: that of the n-th token of the i-th run at i × SECONDS + n. */
    private final AtomicLongArray committed = new AtomicLongArray(ACTIVE * SECONDS);

    private final int[] heard = new int[ACTIVE];
    private final long[] late = new long[ACTIVE * SECONDS];
    private final boolean[] follows = new boolean[TAILS];
    private int following;
    private int events;

    private TailsBenchmark(PostgresRuns runs, Holder holder, CommitListener news) {
        this.runs = runs;
        this.holder = holder;
        this.news = news;
    }

    public static void main(String[] arguments) throws Exception {
        measure(false);
        measure(true);
    }

    private static void measure(boolean redis) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Deployment pods = new Deployment()) {
            Pod pod = pods.add();
            RunSettings settings = new RunSettings(
                    Duration.ofHours(24),
                    Duration.ofHours(1),
                    2 * TAILS,
                    Duration.ofSeconds(10),
                    1,
                    Duration.ofMillis(5),
                    0);
            PostgresRuns owner = PostgresRuns.open(pods.databases().postgres(), new SystemTime("bench"), settings);
            Holder holder = new Holder();
            owner.ownership().start(holder);
            while (!owner.ownership().mayOwn()) {
                Thread.onSpinWait();
            }
            CommitListener news = redis ? news(vertx, pods.databases().redis().port(), owner) : (run, rows) -> {};
            System.out.printf("%s Redis: ", redis ? "with" : "without");
            new TailsBenchmark(owner, holder, news).measure(pod);
            owner.close();
        } finally {
            vertx.close();
        }
    }

    /** Returns a listener that tells other pods of commits by Redis, as a pod does. */
    private static CommitListener news(Vertx vertx, int port, PostgresRuns owner) {
        Time time = new SystemTime("news");
        RedisCommitAnnouncer news = new RedisCommitAnnouncer(
                Redis.createClient(vertx, "redis://localhost:" + port), vertx, new Tails(owner.log(), time), time);
        news.start(run -> {});
        return news;
    }

    private void measure(Pod pod) throws Exception {
        List<UUID> all = new ArrayList<>();
        for (int i = 0; i < TAILS; i++) {
            all.add(begin());
        }
        long idle = resident(pod);
        try (Selector selector = Selector.open()) {
            long begun = System.nanoTime();
            for (int i = 0; i < TAILS; i++) {
                follow(selector, pod.httpPort(), all.get(i), i);
            }
            read(selector, 120_000, () -> following < TAILS);
            System.out.printf(
                    Locale.ROOT,
                    "%d came at once, all followed after %.1f s; ",
                    TAILS,
                    (System.nanoTime() - begun) / 1e9);
            Thread feeder = new Thread(() -> feed(all), "feeder");
            feeder.setDaemon(true);
            feeder.start();
            read(selector, SECONDS * 1000L + 3_000, () -> events < late.length);
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
        Arrays.sort(late, 0, events);
        System.out.printf(
                Locale.ROOT,
                "%d tails, %d events of %d: p50 %.0f ms, p99 %.0f ms, max %.0f ms behind the commit; pod %d MiB before, %d MiB with them%n",
                TAILS,
                events,
                ACTIVE * SECONDS,
                late[events / 2] / 1e6,
                late[events * 99 / 100] / 1e6,
                late[events - 1] / 1e6,
                idle,
                resident(pod));
    }

    private UUID begin() throws Exception {
        Instant birth = Instant.now();
        UUID id = RunId.at(birth.toEpochMilli());
        NewRun run = new NewRun(
                id,
                "",
                "native",
                ModelRequest.plain("nothing").json().encode(),
                null,
                "",
                true,
                birth,
                birth.plusSeconds(3600),
                RunStatus.RUNNING,
                ResponseEventWriter.created(NewResponse.of(id, birth, "in_progress", new JsonObject())));
        runs.log().insert(run).toCompletableFuture().get(30, TimeUnit.SECONDS);
        holder.keep(id);
        return id;
    }

    private static void follow(Selector selector, int port, UUID run, int number) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("localhost", port));
        channel.write(ByteBuffer.wrap(("GET /agent/runs/" + run + "/events HTTP/1.1\r\nHost: bench\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, number);
    }

    /** Each active run says its tokens a second apart, the runs spread evenly over the second. */
    private void feed(List<UUID> all) {
        long start = System.nanoTime();
        for (int n = 0; n < SECONDS; n++) {
            for (int i = 0; i < ACTIVE; i++) {
                long left = start + (n * 1_000_000_000L) + (i * 1_000_000_000L / ACTIVE) - System.nanoTime();
                if (left > 0) {
                    LockSupport.parkNanos(left);
                }
                say(all.get(i), i, n);
            }
        }
    }

    private void say(UUID run, int number, int n) {
        Batch batch = new Batch(run, 1, 1 + n, List.of(new Row(1 + n, EventType.OUTPUT_TEXT_DELTA, "\"x\"")), null);
        runs.log().append(batch).thenAccept(result -> {
            if (!(result instanceof AppendResult.Committed)) {
                // On a thread of the log: an exception would be lost, and nothing would be heard.
                System.err.println("append: " + result + " (expected: Committed)");
                System.exit(1);
            }
            committed.set(number * SECONDS + n, System.nanoTime());
            news.committed(run, batch.rows());
        });
    }

    private void read(Selector selector, long milliseconds, BooleanSupplier goesOn) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long end = System.nanoTime() + milliseconds * 1_000_000;
        while (System.nanoTime() < end && goesOn.getAsBoolean()) {
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) {
                buffer.clear();
                int length = ((SocketChannel) key.channel()).read(buffer);
                if (length < 0) {
                    throw new IOException("tail " + key.attachment() + " has ended");
                }
                int number = (Integer) key.attachment();
                if (!follows[number]) {
                    // The head of the answer: the pod has the tail.
                    follows[number] = true;
                    following++;
                }
                hear(number, buffer.array(), length);
            }
            selector.selectedKeys().clear();
        }
    }

    private void hear(int number, byte[] bytes, int length) {
        if (number >= ACTIVE) {
            return;
        }
        for (int at = 0; at <= length - TOKEN.length; at++) {
            if (Arrays.equals(bytes, at, at + TOKEN.length, TOKEN, 0, TOKEN.length)) {
                long written = committed.get(number * SECONDS + heard[number]);
                heard[number]++;
                // Heard before its writer has: at once.
                late[events++] = written == 0 ? 0 : Math.max(0, System.nanoTime() - written);
            }
        }
    }

    private static long resident(Pod pod) throws IOException {
        String status = Files.readAllLines(Path.of("/proc/" + pod.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .collect(Collectors.joining());
        return Long.parseLong(status.replaceAll("\\D", "")) / 1024;
    }
}
