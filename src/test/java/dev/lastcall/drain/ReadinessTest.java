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
        DrainFixture scene = new DrainFixture();
        assertThat(scene.drain.ready()).isTrue();
        scene.drain.trigger(trigger);
        assertThat(scene.drain.ready()).isFalse();
        assertThat(scene.drain.view().ready()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"PRE_STOP", "SIGTERM", "SIGHUP", "PROCESS_EXIT"})
    void keptReadinessLastsAsLongAsTheLameDuckOfATermination(Trigger trigger) {
        DrainFixture scene = new DrainFixture(new SettingsBuilder().keepReady());
        scene.open();
        scene.begin(trigger).justBefore(10).expect(LAME_DUCK);
        assertThat(scene.drain.ready()).isTrue();
        scene.at(10).expect(DRAINING);
        assertThat(scene.drain.ready()).isFalse();
        scene.at(25).expect(DRAINED);
        assertThat(scene.drain.ready()).isFalse();
    }

    @Test
    void anOperatorsDrainFlipsReadinessThoughItIsKept() {
        DrainFixture scene = new DrainFixture(new SettingsBuilder().keepReady()).begin(Trigger.OPERATOR);
        scene.expect(LAME_DUCK);
        assertThat(scene.drain.ready()).isFalse();
    }

    @Test
    void anInterruptFlipsReadinessThoughItIsKept() {
        DrainFixture scene = new DrainFixture(new SettingsBuilder().keepReady()).begin(Trigger.SIGINT);
        assertThat(scene.drain.ready()).isFalse();
    }

    @Test
    void keptReadinessEndsWhereOnlyTheOperatorsDrainRemains() {
        DrainFixture scene = new DrainFixture(new SettingsBuilder().keepReady())
                .begin(Trigger.OPERATOR)
                .trigger(Trigger.PRE_STOP);
        scene.drain.expirePreStop();
        scene.expect(LAME_DUCK);
        assertThat(scene.drain.ready()).isFalse();
    }
}
