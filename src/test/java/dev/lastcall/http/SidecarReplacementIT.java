package dev.lastcall.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Forwarder;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.Program;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rolling update of an application that exits at once on SIGTERM, with the sidecar beside it: its preStop asks the sidecar. */
class SidecarReplacementIT {
    private static final int PODS = 2;
    private static final int LATEST_WITHDRAWAL_MS = 2000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ScheduledExecutorService endpoints = Executors.newSingleThreadScheduledExecutor();
    private final Forwarder service = Forwarder.start();
    private final Queue<Two> pods = new ArrayDeque<>();
    private final Random random = new Random();

    /** The two containers of a pod. */
    private record Two(Program app, Pod sidecar) implements AutoCloseable {
        static Two start() {
            Program app = Program.start("dev.lastcall.proxy.ProxiedApp", "0");
            String upstream = "http://127.0.0.1:" + app.await("app listens on (\\d+)");
            return new Two(
                    app,
                    Pod.start(Map.of(
                            "lastcall.proxy.upstream", upstream,
                            "lastcall.proxy.listen", "127.0.0.1:0",
                            "lastcall.drain.lame-duck.min", "2s",
                            "lastcall.drain.grace-period", "45s",
                            "lastcall.drain.release-reserve", "10s")));
        }

        @Override
        public void close() {
            app.close();
            sidecar.close();
        }
    }

    @AfterEach
    void close() throws Exception {
        endpoints.shutdownNow();
        pods.forEach(Two::close);
        service.close();
    }

    @Test
    void nothingIsLost() throws Exception {
        for (int i = 0; i < PODS; i++) {
            startOne();
        }
        try (Load load = Load.on(service.port())) {
            List<JsonNode> reports = new ArrayList<>();
            for (int i = 0; i < PODS; i++) {
                startOne();
                reports.add(endOldest(random.nextInt(LATEST_WITHDRAWAL_MS)));
            }
            load.finish();
            assertThat(load.tally().lost()).isEmpty();
            assertThat(load.tally().served().sum()).isGreaterThan(50);
            assertThat(load.tally().reused().sum()).isPositive();
            assertThat(reports).allSatisfy(report -> {
                assertThat(report.get("served").asLong()).isPositive();
                assertThat(report.get("rejected").asLong()).isZero();
                assertThat(report.get("cut").asLong()).isZero();
                assertThat(report.get("left").asLong()).isZero();
            });
        }
    }

    private void startOne() {
        Two pod = Two.start();
        pods.add(pod);
        service.add(pod.sidecar().httpPort());
    }

    /** The kubelet's order with a native sidecar: the application's preStop and SIGTERM, and the sidecar's when the application is gone. */
    private JsonNode endOldest(int withdrawalMs) throws Exception {
        try (Two pod = pods.remove()) {
            int port = pod.sidecar().httpPort();
            var withdrawal = endpoints.schedule(() -> service.withdraw(port), withdrawalMs, MILLISECONDS);
            Operator operator = new Operator(pod.sidecar());
            assertThat(operator.begin("GET", "/drain/pre-stop")
                            .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                            .statusCode())
                    .isEqualTo(200);
            pod.app().terminate();
            assertThat(pod.sidecar().isRunning()).isTrue();
            pod.sidecar().signal("TERM");
            assertThat(pod.sidecar().exitCode(LIMIT)).isZero();
            withdrawal.get(LATEST_WITHDRAWAL_MS, MILLISECONDS);
            return operator.report();
        }
    }
}
