package dev.lastcall.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.testing.Forwarder;
import dev.lastcall.testing.FreePort;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rolling update, by SIGTERM alone, of an application that exits at once on SIGTERM and knows nothing of draining: it is supervised. */
class SupervisedReplacementIT {
    private static final int WITHDRAWAL_MS = 1500;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ScheduledExecutorService endpoints = Executors.newSingleThreadScheduledExecutor();
    private final Forwarder service = Forwarder.start();

    @AfterEach
    void close() throws Exception {
        endpoints.shutdownNow();
        service.close();
    }

    private static Pod start() throws IOException {
        int port = FreePort.next();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Pod.start(Map.of(
                "lastcall.process.app.command",
                java + " -Xmx64m -cp target/test-classes dev.lastcall.proxy.ProxiedApp " + port,
                "lastcall.process.app.ready-pattern",
                "listens on",
                "lastcall.proxy.upstream",
                "http://127.0.0.1:" + port,
                "lastcall.proxy.listen",
                "127.0.0.1:0"));
    }

    @Test
    void nothingIsLost() throws Exception {
        try (Pod old = start()) {
            service.add(old.httpPort());
            try (Load load = Load.on(service.port());
                    Pod fresh = start()) {
                service.add(fresh.httpPort());
                var withdrawal =
                        endpoints.schedule(() -> service.withdraw(old.httpPort()), WITHDRAWAL_MS, MILLISECONDS);
                old.signal("TERM");
                assertThat(old.exitCode(LIMIT)).isZero();
                withdrawal.get(WITHDRAWAL_MS, MILLISECONDS);
                load.finish();
                assertThat(load.tally().lost()).isEmpty();
                assertThat(load.tally().served().sum()).isGreaterThan(50);
                JsonNode report = new Operator(old).report();
                assertThat(report.get("served").asLong()).isPositive();
                assertThat(report.get("cut").asLong()).isZero();
                assertThat(report.get("left").asLong()).isZero();
                assertThat(report.get("release").findValuesAsText("step")).containsExactly("proxy", "process app");
            }
        }
    }
}
