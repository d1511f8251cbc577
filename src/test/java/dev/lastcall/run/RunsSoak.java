package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Two pods under a steady load beside a million ended runs, by {@code ./mvnw -Psoak verify}: what they take does not grow.
 * {@code -Dlastcall.soak=PT30M} says how long.
 */
class RunsSoak {
    private static final Duration LENGTH = Duration.parse(System.getProperty("lastcall.soak", "PT30M"));
    private static final int ENDED = Integer.getInteger("lastcall.soak.ended", 1_000_000);
    private static final int CLIENTS = 10;
    private static final int TOKENS = 50;
    private static final int SAMPLES = 30;
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** The number of samples in the first part of the soak, in which heaps and caches fill. */
    private static final int WARM_UP = SAMPLES / 3;

    private final Queue<Duration> took = new ConcurrentLinkedQueue<>();

    /** @param rss of the larger pod, MiB */
    private record Sample(double rss, int connections, int runs, double median, double p99) {}

    @Test
    void memoryConnectionsAndLatenciesStayFlat() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (Deployment pods = new Deployment("model.scripted.tokens-per-second", "50")) {
            pods.add();
            pods.add();
            fill(pods);
            long end = System.nanoTime() + LENGTH.toNanos();
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> runUntil(end, pods)));
            }
            List<Sample> samples = new ArrayList<>();
            for (int i = 1; i <= SAMPLES; i++) {
                sleepUntil(end - LENGTH.toNanos() + LENGTH.toNanos() * i / SAMPLES);
                samples.add(sample(pods));
            }
            for (Future<?> client : clients) {
                client.get(1, TimeUnit.MINUTES);
            }
            List<Sample> early = samples.subList(WARM_UP, 2 * WARM_UP);
            List<Sample> late = samples.subList(2 * WARM_UP, SAMPLES);
            assertThat(worst(late, Sample::rss)).isLessThan(worst(early, Sample::rss) * 1.1 + 10);
            assertThat(worst(late, Sample::connections)).isLessThanOrEqualTo(worst(early, Sample::connections));
            assertThat(median(late, Sample::median)).isLessThan(median(early, Sample::median) * 1.2 + 5);
            assertThat(median(late, Sample::p99)).isLessThan(median(early, Sample::p99) * 1.5 + 20);
            for (Pod pod : pods.serving()) {
                pod.signal("TERM");
                assertThat(pod.exitCode(Duration.ofMinutes(1))).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void fill(Deployment pods) {
        TestRuns.execute(pods.databases().postgres(), """
                INSERT INTO runs (id, status, deadline, format, next_seq)
                  SELECT gen_random_uuid(), 3, now() - interval '1 h', 1, 9 FROM generate_series(1, %d);
                INSERT INTO run_meta (id, tenant, wire, request, req_hash, stored, ended_at)
                  SELECT id, 't' || (random() * 1000)::int, 'responses', repeat('x', 300), md5(id::text), true, now() FROM runs;
                ANALYZE runs; ANALYZE run_meta""".formatted(ENDED));
    }

    private void runUntil(long end, Deployment pods) {
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            RunClient client = new RunClient(pods::serving, SILENCE).complete("count to " + TOKENS);
            took.add(Duration.ofNanos(System.nanoTime() - begun));
            assertThat(client.tokens()).isEqualTo(Clients.countTo(TOKENS));
            assertThat(client.connections()).isOne();
        }
    }

    private Sample sample(Deployment pods) throws IOException {
        double rss = 0;
        for (Pod pod : pods.serving()) {
            rss = Math.max(rss, resident(pod));
        }
        double[] millis = new double[took.size()];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = took.remove().toNanos() / 1e6;
        }
        assertThat(millis).as("runs since the last sample").isNotEmpty();
        Arrays.sort(millis);
        int connections = Integer.parseInt(
                pods.ask("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"));
        Sample sample = new Sample(
                rss, connections, millis.length, millis[millis.length / 2], millis[millis.length * 99 / 100]);
        System.out.printf(
                "soak: rss=%.0fMiB connections=%d runs=%d p50=%.0fms p99=%.0fms%n",
                sample.rss(), sample.connections(), sample.runs(), sample.median(), sample.p99());
        return sample;
    }

    private static double resident(Pod pod) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pod.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) / 1024)
                .sum();
    }

    private static double worst(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return samples.stream().mapToDouble(figure).max().orElseThrow();
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static void sleepUntil(long instant) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(instant - System.nanoTime());
    }
}
