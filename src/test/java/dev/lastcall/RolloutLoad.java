package dev.lastcall;

import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The requests that clients lose while one of two instances ends and its endpoint is withdrawn half a second after its signal, as by a kube-proxy.
 *
 * @param lost neither answered nor refused as "not executed, try again"
 */
record RolloutLoad(int answered, int lost, int exitCode) {
    private static final int CLIENTS = 8;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final long WITHDRAWAL_MS = 500;

    static RolloutLoad during(Supplier<Pod> start) {
        try (Pod going = start.get();
                Pod staying = start.get()) {
            List<Pod> endpoints = new CopyOnWriteArrayList<>(List.of(going, staying));
            AtomicInteger answered = new AtomicInteger();
            AtomicInteger lost = new AtomicInteger();
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            try {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.execute(() -> order(endpoints, answered, lost));
                }
                awaitMore(answered, 200);
                going.signal("TERM");
                CompletableFuture.delayedExecutor(WITHDRAWAL_MS, TimeUnit.MILLISECONDS)
                        .execute(() -> endpoints.remove(going));
                int code = going.exitCode(LIMIT);
                awaitMore(answered, 100);
                return new RolloutLoad(answered.get(), lost.get(), code);
            } finally {
                clients.shutdownNow();
            }
        }
    }

    private static void awaitMore(AtomicInteger answered, int more) {
        int before = answered.get();
        await().atMost(LIMIT).until(() -> answered.get() >= before + more);
    }

    private static void order(List<Pod> endpoints, AtomicInteger answered, AtomicInteger lost) {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Pod to = endpoints.get(ThreadLocalRandom.current().nextInt(endpoints.size()));
                try {
                    HttpResponse<String> answer = client.send(
                            HttpRequest.newBuilder(to.http("/orders?ms=20"))
                                    .POST(BodyPublishers.noBody())
                                    .build(),
                            BodyHandlers.ofString());
                    boolean retryable =
                            answer.statusCode() == 503 && answer.body().contains("\"retryable\":true");
                    if (answer.statusCode() == 200) {
                        answered.incrementAndGet();
                    } else if (!retryable) {
                        lost.incrementAndGet();
                    }
                } catch (IOException e) {
                    lost.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
