package dev.lastcall.proxy;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Trigger;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RevivalTest {
    private static final String UP = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final String ILL = "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";

    private final FakeTime time = new FakeTime();
    private final Drain drain = new Drain(DrainSettings.defaults(), time, new InFlight(time));
    private final Vertx vertx = Vertx.vertx();
    private Upstream upstream = Upstream.answering(UP);

    @AfterEach
    void close() {
        upstream.close();
        await(vertx.close());
    }

    private ApplicationHealth health(@Nullable String path) {
        return new ApplicationHealth(vertx, List.of(), new HostPort("127.0.0.1", upstream.port()), path);
    }

    private void drained(Trigger... triggers) {
        new Revival(vertx, drain, health(null), Duration.ofMillis(20)).follow();
        for (Trigger trigger : triggers) {
            drain.trigger(trigger);
        }
        time.runPending();
        time.advance(Duration.ofSeconds(12));
        assertThat(drain.state()).isEqualTo(DrainState.DRAINED);
    }

    private void restart() throws Exception {
        int port = upstream.port();
        upstream.close();
        Awaitility.await().untilAsserted(() -> assertThat(await(
                        new ApplicationHealth(vertx, List.of(new HostPort("127.0.0.1", port)), null, null).check()))
                .isFalse());
        // So long that it was certainly looked at.
        Awaitility.await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        upstream = Upstream.answering(UP);
        upstream.close();
        upstream = new Upstream(port, client -> client.readToEnd());
    }

    @Test
    void applicationThatWasDownAndIsBackTakesItsPreStopBack() throws Exception {
        drained(Trigger.PRE_STOP);
        restart();
        Awaitility.await().untilAsserted(() -> {
            time.runPending();
            assertThat(drain.state()).isEqualTo(DrainState.SERVING);
        });
    }

    @Test
    void applicationThatWasNeverDownDoesNot() {
        drained(Trigger.PRE_STOP);
        Awaitility.await().during(Duration.ofMillis(500)).untilAsserted(() -> assertThat(drain.state())
                .isEqualTo(DrainState.DRAINED));
    }

    @Test
    void nothingIsTakenBackBehindASignal() throws Exception {
        drained(Trigger.PRE_STOP, Trigger.SIGTERM);
        restart();
        Awaitility.await().during(Duration.ofMillis(500)).untilAsserted(() -> assertThat(drain.state())
                .isEqualTo(DrainState.DRAINED));
    }

    @Test
    void healthIsThePathsAnswerWhereThereIsAPath() {
        assertThat(await(health("/healthz").check())).isTrue();
        try (Upstream ill = Upstream.answering(ILL)) {
            HostPort port = new HostPort("127.0.0.1", ill.port());
            assertThat(await(new ApplicationHealth(vertx, List.of(), port, "/healthz").check()))
                    .isFalse();
            assertThat(await(new ApplicationHealth(vertx, List.of(), port, null).check()))
                    .isTrue();
        }
    }
}
