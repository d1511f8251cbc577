package dev.lastcall.run;

import dev.lastcall.testing.Pod;
import java.time.Duration;
import java.util.List;

/**
 * The longest gap between two tokens of one client, when the pod that executes its run is told to end, and when it is killed: packaged pods,
 * one PostgreSQL, a lease of 3 s, 20 tokens a second.
 */
public final class GapBenchmark {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int CLIENTS = Integer.getInteger("bench.gap-clients", 50);
    private static final int TOKENS = 160;

    private GapBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        measure("SIGTERM", "TERM");
        measure("SIGKILL", "KILL");
    }

    private static void measure(String name, String signal) throws Exception {
        try (Deployment pods = new Deployment("model.scripted.tokens-per-second", "20");
                Clients clients = new Clients(CLIENTS)) {
            Pod first = pods.add();
            Pod second = pods.add();
            pods.withdraw(second);
            clients.begin(CLIENTS, TOKENS, pods::serving, Duration.ofSeconds(30));
            while (clients.all().stream().anyMatch(client -> client.tokens().size() < 20)) {
                Thread.sleep(50);
            }
            pods.serving().add(second);
            pods.withdraw(first);
            first.signal(signal);
            List<Long> gaps = clients.finish(LIMIT).stream()
                    .map(client -> client.longestGap().toMillis())
                    .sorted()
                    .toList();
            System.out.printf(
                    "%s, %d clients: longest gap p50 %d ms, p99 %d ms, resumed %d%n",
                    name,
                    CLIENTS,
                    gaps.get(CLIENTS / 2),
                    gaps.get(Math.min(CLIENTS - 1, CLIENTS * 99 / 100)),
                    clients.all().stream()
                            .filter(client -> client.connections() > 1)
                            .count());
        }
    }
}
