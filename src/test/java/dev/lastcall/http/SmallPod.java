package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The packaged application with the memory that the sidecar's overlay gives it, and what it has to give back. */
public final class SmallPod implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int SLACK_DESCRIPTORS = 40;
    private static final double SLACK_HEAP = 16 << 20;
    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xms16m",
            "-Xmx64m",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:ReservedCodeCacheSize=48m",
            "-Xss512k");

    public final Pod pod;
    public final Operator operator;
    private final long descriptors;
    private final double heap;

    public SmallPod(Map<String, String> settings, String path) throws Exception {
        pod = Pod.start(JVM, settings);
        operator = new Operator(pod);
        for (int i = 0; i < 50; i++) {
            try (RawClient client = new RawClient(pod.httpPort())) {
                assertThat(client.get(path).readAnswer()).startsWith("HTTP/1.1 200");
            }
        }
        descriptors = pod.descriptors();
        heap = heap();
    }

    /** Returns the bytes on the heap that are reachable. */
    private double heap() {
        ChildProcess.run(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pod.pid()), "GC.run");
        return operator.ask("GET", "/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** Nothing is in flight any more, and descriptors and heap are as before. */
    public void awaitRecovery() {
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(operator.inFlight().get("count").asInt()).isZero();
            assertThat(pod.descriptors()).isLessThan(descriptors + SLACK_DESCRIPTORS);
        });
        await().atMost(LIMIT).untilAsserted(() -> assertThat(heap()).isLessThan(heap + SLACK_HEAP));
        assertThat(pod.lines()).noneMatch(line -> line.contains("OutOfMemoryError"));
    }

    @Override
    public void close() {
        pod.close();
    }
}
