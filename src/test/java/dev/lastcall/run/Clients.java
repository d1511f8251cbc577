package dev.lastcall.run;

import dev.lastcall.testing.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private final ExecutorService threads;
    private final List<RunClient> clients = new ArrayList<>();
    private final List<Future<RunClient>> results = new ArrayList<>();

    /** @param atOnce how many run at the same time */
    Clients(int atOnce) {
        threads = Executors.newFixedThreadPool(atOnce);
    }

    Clients begin(int count, int tokens, Supplier<List<Pod>> pods, Duration silence) {
        for (int i = 0; i < count; i++) {
            RunClient client = new RunClient(pods, silence);
            clients.add(client);
            results.add(threads.submit(() -> client.complete("count to " + tokens)));
        }
        return this;
    }

    List<RunClient> all() {
        return clients;
    }

    boolean areDone() {
        return results.stream().allMatch(Future::isDone);
    }

    int done() {
        return (int) results.stream().filter(Future::isDone).count();
    }

    /** Waits for all ends. */
    List<RunClient> finish(Duration limit) throws InterruptedException, ExecutionException, TimeoutException {
        long deadline = System.nanoTime() + limit.toNanos();
        List<RunClient> finished = new ArrayList<>();
        for (Future<RunClient> each : results) {
            finished.add(each.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
        }
        return finished;
    }

    /** What {@code count to N} says. */
    static List<String> countTo(int tokens) {
        return IntStream.rangeClosed(1, tokens).mapToObj(n -> n + " ").toList();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
