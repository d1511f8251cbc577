package dev.lastcall.management;

import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.Trigger;
import dev.lastcall.testing.IdleWork;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DrainMetricsTest {
    private final HeldTime time = new HeldTime();
    private final InFlight inFlight = new InFlight(time);
    private final Drain drain = new Drain(DrainSettings.defaults(), time, inFlight);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void bind() {
        new DrainMetrics(drain, inFlight).bindTo(registry);
    }

    @Test
    void exactlyTheCurrentStateIsOne() {
        drain.trigger(Trigger.OPERATOR);

        for (DrainState state : DrainState.values()) {
            assertThat(gauge("lastcall.drain.state", "state", state.key()))
                    .as(state.key())
                    .isEqualTo(state == DrainState.LAME_DUCK ? 1 : 0);
        }
    }

    @Test
    void inFlightIsCountedByClass() {
        admit(EntryClass.STREAM);
        admit(EntryClass.STREAM).become(EntryClass.WEBSOCKET);
        admit(EntryClass.UNARY).end(Outcome.COMPLETED);

        assertThat(gauge("lastcall.in.flight", "class", "stream")).isEqualTo(1);
        assertThat(gauge("lastcall.in.flight", "class", "websocket")).isEqualTo(1);
        assertThat(gauge("lastcall.in.flight", "class", "unary")).isEqualTo(0);
    }

    @Test
    void endsAreCountedByOutcome() {
        admit(EntryClass.UNARY).end(Outcome.COMPLETED);
        admit(EntryClass.UNARY).end(Outcome.LEFT);
        drain.trigger(Trigger.OPERATOR);
        time.advance(ofSeconds(10));
        assertThat(drain.state()).isEqualTo(DrainState.DRAINED);
        inFlight.admit(new IdleWork(), EntryClass.UNARY, true);

        assertThat(registry.get("lastcall.requests.served").functionCounter().count())
                .isEqualTo(1);
        assertThat(registry.get("lastcall.requests.left").functionCounter().count())
                .isEqualTo(1);
        assertThat(registry.get("lastcall.requests.rejected").functionCounter().count())
                .isEqualTo(1);
    }

    @Test
    void cutsAreCountedByClassAndSurviveAnUndoneDrain() {
        admit(EntryClass.STREAM);
        drain.trigger(Trigger.PRE_STOP);
        time.advance(ofSeconds(25));
        assertThat(cut("stream")).isEqualTo(1);
        assertThat(cut("unary")).isEqualTo(0);

        assertThat(drain.expirePreStop()).isTrue();
        admit(EntryClass.STREAM);
        drain.trigger(Trigger.PRE_STOP);
        time.advance(ofSeconds(25));

        assertThat(cut("stream")).isEqualTo(2);
    }

    @Test
    void stageIsTimedWhenItIsLeft() {
        Entry slow = admit(EntryClass.UNARY);
        drain.trigger(Trigger.OPERATOR);
        time.advance(ofSeconds(10));
        assertThat(drain.state()).isEqualTo(DrainState.DRAINING);
        time.advance(ofSeconds(7));
        slow.end(Outcome.COMPLETED);
        time.advance(ofSeconds(0));

        assertThat(seconds("lame-duck")).isEqualTo(10);
        assertThat(seconds("draining")).isEqualTo(7);
        assertThat(seconds("cancelling")).isEqualTo(0);
        assertThat(registry.find("lastcall.drain").tag("stage", "serving").timer())
                .isNull();
    }

    @Test
    void drainsAreCountedByTheirFirstTriggerAndTheDeadlineRunsDown() {
        drain.trigger(Trigger.OPERATOR);
        time.advance(ofSeconds(0));
        assertThat(registry.get("lastcall.drain.deadline.remaining").gauge().value())
                .isNaN();
        drain.trigger(Trigger.SIGTERM);
        time.advance(ofSeconds(9));

        assertThat(registry.get("lastcall.drain.deadline.remaining").gauge().value())
                .isEqualTo(20);
        assertThat(drains("operator")).isEqualTo(1);
        assertThat(drains("sigterm")).isEqualTo(0);
    }

    private double drains(String trigger) {
        return registry.get("lastcall.drains").tag("trigger", trigger).counter().count();
    }

    private double seconds(String stage) {
        return registry.get("lastcall.drain").tag("stage", stage).timer().totalTime(SECONDS);
    }

    private double cut(String kind) {
        return registry.get("lastcall.requests.cut")
                .tag("class", kind)
                .functionCounter()
                .count();
    }

    private double gauge(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).gauge().value();
    }

    private Entry admit(EntryClass kind) {
        return (Entry) inFlight.admit(new IdleWork(), kind, true);
    }
}
