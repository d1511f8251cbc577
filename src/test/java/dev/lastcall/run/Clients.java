package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Clients that each want a run of their own, some of them at once. */
final class Clients implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ExecutorService threads;
    private final List<RunClient> clients = new CopyOnWriteArrayList<>();
    private final List<Future<?>> results = new ArrayList<>();
    private final int stay;
    private volatile boolean enough;

    /** @param atOnce how many run at the same time */
    Clients(int atOnce) {
        this(atOnce, Integer.MAX_VALUE);
    }

    /** @param stay how many tokens each hears at one pod before it moves on */
    Clients(int atOnce, int stay) {
        threads = Executors.newFixedThreadPool(atOnce);
        this.stay = stay;
    }

    /** Starts so many clients. */
    Clients begin(int count, int tokens, Supplier<List<Pod>> pods, Duration silence) {
        for (int i = 0; i < count; i++) {
            RunClient client = newClient(pods, silence);
            results.add(threads.submit(() -> client.complete("count to " + tokens)));
        }
        return this;
    }

    /** Keeps so many clients going at a time, and starts at least so many in all, until {@link #finish}. */
    Clients keepComing(int atOnce, int count, int tokens, Supplier<List<Pod>> pods, Duration silence) {
        for (int i = 0; i < atOnce; i++) {
            results.add(threads.submit(() -> {
                while (!enough || clients.size() < count) {
                    newClient(pods, silence).complete("count to " + tokens);
                }
            }));
        }
        return this;
    }

    private RunClient newClient(Supplier<List<Pod>> pods, Duration silence) {
        RunClient client = new RunClient(pods, silence, stay);
        clients.add(client);
        return client;
    }

    List<RunClient> all() {
        return clients;
    }

    /** Waits until each client has at least so many tokens. */
    void awaitTokens(int count) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(clients)
                .allSatisfy(client -> assertThat(client.tokens().size()).isGreaterThanOrEqualTo(count)));
    }

    /** Returns the number of ended clients, whatever their outcome. */
    int done() {
        return (int) results.stream().filter(Future::isDone).count();
    }

    /** Waits for all ends. */
    List<RunClient> finish(Duration limit) throws InterruptedException, ExecutionException, TimeoutException {
        enough = true;
        long deadline = System.nanoTime() + limit.toNanos();
        for (Future<?> each : results) {
            each.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
        return clients;
    }

    /** Returns the tokens of {@code count to N}. */
    static List<String> countTo(int tokens) {
        return IntStream.rangeClosed(1, tokens).mapToObj(n -> n + " ").toList();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
