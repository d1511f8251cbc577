package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.DrainState.LAME_DUCK;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadinessTest {
    @ParameterizedTest
    @EnumSource
    void aTriggerFlipsReadinessAtOnce(Trigger trigger) {
        DrainFixture fixture = new DrainFixture();
        assertThat(fixture.drain.ready()).isTrue();
        fixture.drain.trigger(trigger);
        assertThat(fixture.drain.ready()).isFalse();
        assertThat(fixture.drain.view().ready()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"PRE_STOP", "SIGTERM", "SIGHUP", "PROCESS_EXIT"})
    void keptReadinessLastsAsLongAsTheLameDuckOfATermination(Trigger trigger) {
        DrainFixture fixture = new DrainFixture(new SettingsBuilder().keepReady());
        fixture.open();
        fixture.begin(trigger).justBefore(10).expect(LAME_DUCK);
        assertThat(fixture.drain.ready()).isTrue();
        fixture.at(10).expect(DRAINING);
        assertThat(fixture.drain.ready()).isFalse();
        fixture.at(25).expect(DRAINED);
        assertThat(fixture.drain.ready()).isFalse();
    }

    @Test
    void anOperatorsDrainFlipsReadinessThoughItIsKept() {
        DrainFixture fixture = new DrainFixture(new SettingsBuilder().keepReady()).begin(Trigger.OPERATOR);
        fixture.expect(LAME_DUCK);
        assertThat(fixture.drain.ready()).isFalse();
    }

    @Test
    void anInterruptFlipsReadinessThoughItIsKept() {
        DrainFixture fixture = new DrainFixture(new SettingsBuilder().keepReady()).begin(Trigger.SIGINT);
        assertThat(fixture.drain.ready()).isFalse();
    }

    @Test
    void keptReadinessEndsWhereOnlyTheOperatorsDrainRemains() {
        DrainFixture fixture = new DrainFixture(new SettingsBuilder().keepReady())
                .begin(Trigger.OPERATOR)
                .trigger(Trigger.PRE_STOP);
        fixture.drain.expirePreStop();
        fixture.expect(LAME_DUCK);
        assertThat(fixture.drain.ready()).isFalse();
    }
}
