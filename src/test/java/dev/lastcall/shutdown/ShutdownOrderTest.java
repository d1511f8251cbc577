package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.ReleaseOutcome;
import dev.lastcall.drain.ReleaseResult;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.testing.stubborn.HangingStep;
import dev.lastcall.testing.stubborn.ThrowingStep;
import io.agroal.api.AgroalDataSource;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The real observers, with steps that hang and throw among the real ones. An application of its own: afterwards it is released. */
@QuarkusTest
@TestProfile(ShutdownOrderTest.WithBadSteps.class)
class ShutdownOrderTest {
    public static class WithBadSteps implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(HangingStep.class, ThrowingStep.class);
        }
    }

    @Inject
    Event<ShutdownEvent> shutdown;

    @Inject
    ReleaseSteps steps;

    @Inject
    Drain drain;

    @Inject
    RedisDataSource redis;

    @Inject
    AgroalDataSource postgresql;

    @Inject
    @ConfigProperty(name = "quarkus.redis.hosts")
    URI redisServer;

    @Test
    void stepsRunInTheOneOrderAndABadOneStopsNoOther() throws Exception {
        redis.value(String.class).set("key", "value");
        postgresql.getConnection().close();
        int connections = redisConnections();
        steps.register(step("first hook", ReleaseStage.APPLICATION));
        steps.register(step("last hook", ReleaseStage.APPLICATION));
        steps.register(step("telemetry", ReleaseStage.TELEMETRY));
        steps.register(step("sockets", ReleaseStage.SOCKETS));

        shutdown.fire(new ShutdownEvent());

        assertThat(steps.results())
                .extracting(ReleaseResult::name)
                // Of the stage of "throwing", and registered by another observer of the start.
                .filteredOn(name -> !name.equals("lease"))
                .containsExactly(
                        "hanging",
                        "sockets",
                        "throwing",
                        "last hook",
                        "first hook",
                        "peers",
                        "history",
                        "news",
                        "redis",
                        "postgresql",
                        "telemetry");
        assertThat(outcomeOf("lease")).isInstanceOf(ReleaseOutcome.Released.class);
        assertThat(outcomeOf("hanging")).isInstanceOf(ReleaseOutcome.TimedOut.class);
        assertThat(outcomeOf("throwing"))
                .isInstanceOfSatisfying(ReleaseOutcome.Failed.class, failed -> assertThat(failed.cause())
                        .hasMessage("no luck"));
        assertThat(steps.results())
                .filteredOn(result -> !List.of("hanging", "throwing").contains(result.name()))
                .allMatch(ReleaseResult::released);
        assertThat(drain.report(steps).exitCode()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(redisConnections()).isLessThan(connections));
        Assertions.assertThatThrownBy(postgresql::getConnection).isInstanceOf(SQLException.class);
    }

    private ReleaseOutcome outcomeOf(String name) {
        return steps.results().stream()
                .filter(result -> result.name().equals(name))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    /** Asked by a connection of the test's own. */
    private int redisConnections() throws Exception {
        try (Socket socket = new Socket(redisServer.getHost(), redisServer.getPort())) {
            socket.getOutputStream().write("CLIENT LIST\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.split("id=", -1).length - 1;
        }
    }

    private static ReleaseStep step(String name, ReleaseStage stage) {
        return new ReleaseStep() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public ReleaseStage stage() {
                return stage;
            }

            @Override
            public void release() {}
        };
    }
}
