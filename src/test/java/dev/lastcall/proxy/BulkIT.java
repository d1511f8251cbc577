package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.RawClient;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.Program;
import dev.lastcall.testing.ShortDrain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** 200 MB each way through the packaged sidecar, whose memory is a fraction of that, during a drain. */
class BulkIT {
    private static final int SIZE = ProxiedApp.LARGE;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void bodiesOf200MegabytesArriveWholeThroughADrain() throws Exception {
        Map<String, String> settings = ShortDrain.of("grace-period", "60s");
        try (Program app = Program.start("dev.lastcall.proxy.ProxiedApp", "0")) {
            settings.put("lastcall.proxy.upstream", "http://127.0.0.1:" + app.await("app listens on (\\d+)"));
            settings.put("lastcall.proxy.listen", "127.0.0.1:0");
            try (Pod pod = Pod.start(settings);
                    RawClient down = new RawClient(pod.httpPort());
                    RawClient up = new RawClient(pod.httpPort())) {
                Operator operator = new Operator(pod);
                down.get("/large").readTo("\r\n\r\n");
                up.send("POST /count HTTP/1.1", "Host: a", "Content-Length: " + SIZE, "");
                operator.awaitInFlight(2);
                pod.signal("TERM");
                pod.awaitLine("drain state=draining", LIMIT);
                CompletableFuture<Void> uploaded = CompletableFuture.runAsync(() -> writeTo(up));
                assertThat(down.discard(SIZE)).isEqualTo(SIZE);
                assertThat(down.readToEnd()).isEmpty();
                uploaded.get(60, TimeUnit.SECONDS);
                assertThat(up.readAnswer()).startsWith("HTTP/1.1 200").endsWith("{\"read\":" + SIZE + "}");
                assertThat(pod.exitCode(LIMIT)).isZero();
                assertThat(operator.report().get("served").asInt()).isEqualTo(2);
            }
        }
    }

    private static void writeTo(RawClient client) {
        byte[] block = new byte[1 << 20];
        try {
            for (int left = SIZE; left > 0; left -= block.length) {
                client.sendBytes(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
