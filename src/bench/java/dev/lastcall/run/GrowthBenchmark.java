package dev.lastcall.run;

import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Durable runs on one packaged pod, more and more of them: tokens a second at the clients, and the CPU that pod and PostgreSQL take for each. Prints
 * lines of CSV.
 */
public final class GrowthBenchmark {
    private static final int[] RUNS = Arrays.stream(System.getProperty("bench.growth", "10,30,100,300,1000,2000")
                    .split(","))
            .mapToInt(Integer::parseInt)
            .toArray();
    private static final int PACE = 20;
    private static final int SECONDS = Integer.getInteger("bench.seconds", 10);

    private GrowthBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        try (Deployment pods = new Deployment(
                        "model.scripted.tokens-per-second", Integer.toString(PACE), "run.max-owned", "10000");
                Selector selector = Selector.open()) {
            Pod pod = pods.add();
            String checkpointer = pods.ask("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
            long postmaster = ProcessHandle.of(Long.parseLong(checkpointer))
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow()
                    .pid();
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            System.out.println("runs,offered_per_s,tokens_per_s,pod_us_per_token,postgres_us_per_token,pod_rss_mib");
            int begun = 0;
            for (int runs : RUNS) {
                for (; begun < runs; begun++) {
                    EndToEndBenchmark.begin(selector, pod.httpPort());
                    // What the others have is read meanwhile, so that nobody is a slow reader.
                    EndToEndBenchmark.read(selector, buffer, 0.005);
                }
                EndToEndBenchmark.read(selector, buffer, SECONDS);
                measure(selector, buffer, runs, pod.pid(), postmaster);
            }
        }
    }

    private static void measure(Selector selector, ByteBuffer buffer, int runs, long pod, long postmaster)
            throws IOException {
        double ours = Server.cpuOf(pod).toNanos() / 1e3;
        double theirs = Server.cpuOf(postmaster).toNanos() / 1e3;
        long start = System.nanoTime();
        long tokens = EndToEndBenchmark.read(selector, buffer, SECONDS);
        double elapsed = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%d,%d,%.0f,%.1f,%.1f,%d%n",
                runs,
                runs * PACE,
                tokens / elapsed,
                (Server.cpuOf(pod).toNanos() / 1e3 - ours) / tokens,
                (Server.cpuOf(postmaster).toNanos() / 1e3 - theirs) / tokens,
                residentMebibytes(pod));
    }

    private static long residentMebibytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
