package dev.lastcall.proxy.health;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Trigger;
import dev.lastcall.proxy.Upstream;
import dev.lastcall.proxy.health.ApplicationHealth.Health;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import dev.lastcall.testing.IdleWork;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
        return health(new HostPort("127.0.0.1", upstream.port()), path);
    }

    private ApplicationHealth health(HostPort port, @Nullable String path) {
        if (path == null) {
            return new ApplicationHealth(vertx, List.of(port), null);
        }
        HealthQuestion question = new HealthQuestion(path, null);
        return new ApplicationHealth(
                vertx, List.of(), new ApplicationProbe(vertx, port, UpstreamProtocol.HTTP1, ProxyTls.NONE, question));
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
        Awaitility.await().untilAsserted(() -> assertThat(
                        await(health(new HostPort("127.0.0.1", port), null).check()))
                .isEqualTo(Health.REFUSED));
        // So long that it was certainly looked at.
        Awaitility.await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
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
        assertThat(await(health("/healthz").check())).isEqualTo(Health.UP);
        try (Upstream ill = Upstream.answering(ILL)) {
            HostPort port = new HostPort("127.0.0.1", ill.port());
            assertThat(await(health(port, "/healthz").check())).isEqualTo(Health.ILL);
            assertThat(await(health(port, null).check())).isEqualTo(Health.UP);
        }
    }

    @Test
    void applicationThatWasSlowOrIllWasNotDown() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Upstream hesitant = new Upstream(client -> {
            client.readTo("\r\n\r\n");
            int time = asked.incrementAndGet();
            if (time == 1) {
                // Longer than anybody waits for it.
                Thread.sleep(1600);
            }
            client.write(time == 2 ? ILL : UP);
            client.readToEnd();
        })) {
            HostPort port = new HostPort("127.0.0.1", hesitant.port());
            new Revival(vertx, drain, health(port, "/"), Duration.ofMillis(20)).follow();
            drain.trigger(Trigger.PRE_STOP);
            time.runPending();
            time.advance(Duration.ofSeconds(12));
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> asked.get() > 20);
            time.runPending();
            assertThat(drain.state()).isEqualTo(DrainState.DRAINED);
        }
    }

    @Test
    void applicationThatIsNotDrainedIsNotAsked() throws Exception {
        InFlight busy = new InFlight(time);
        Drain held = new Drain(DrainSettings.defaults(), time, busy);
        assertThat(busy.admit(new IdleWork(), EntryClass.UNARY, true)).isNotNull();
        new Revival(vertx, held, health(null), Duration.ofMillis(20)).follow();
        held.trigger(Trigger.PRE_STOP);
        time.runPending();
        time.advance(Duration.ofSeconds(12));
        assertThat(held.state()).isEqualTo(DrainState.DRAINING);
        restart();
        Awaitility.await().during(Duration.ofMillis(500)).untilAsserted(() -> assertThat(held.state())
                .isEqualTo(DrainState.DRAINING));
    }
}
