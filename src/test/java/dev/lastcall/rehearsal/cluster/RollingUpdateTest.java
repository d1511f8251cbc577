package dev.lastcall.rehearsal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastcall.rehearsal.cluster.RollingUpdate.Count;
import org.junit.jupiter.api.Test;

/** The Deployment controller's arithmetic. */
class RollingUpdateTest {
    private final RollingUpdate surging = new RollingUpdate(3, 1, 0, false);

    @Test
    void newPodComesBeforeAnOldOneGoes() {
        assertThat(surging.toEnd(new Count(3, 0, 3, 0))).isZero();
        assertThat(surging.toStart(new Count(3, 0, 3, 0))).isEqualTo(1);
        assertThat(surging.toEnd(new Count(3, 1, 3, 0))).isZero();
        assertThat(surging.toEnd(new Count(3, 1, 4, 0))).isEqualTo(1);
    }

    @Test
    void podWhoseEndHasBegunCountsNoMore() {
        assertThat(surging.toStart(new Count(2, 1, 3, 1))).isEqualTo(1);
        assertThat(surging.toStart(new Count(0, 3, 3, 3))).isZero();
    }

    @Test
    void unavailableOnesGoFirst() {
        RollingUpdate hasty = new RollingUpdate(3, 0, 2, false);
        assertThat(hasty.toEnd(new Count(3, 0, 3, 0))).isEqualTo(2);
        assertThat(hasty.toStart(new Count(1, 0, 1, 2))).isEqualTo(2);
    }

    @Test
    void recreatingWaitsForTheLastOldOne() {
        RollingUpdate recreating = new RollingUpdate(2, 0, 0, true);
        assertThat(recreating.toEnd(new Count(2, 0, 2, 0))).isEqualTo(2);
        assertThat(recreating.toStart(new Count(0, 0, 0, 1))).isZero();
        assertThat(recreating.toStart(new Count(0, 0, 0, 0))).isEqualTo(2);
    }

    @Test
    void updateThatCanReplaceNothingIsRefused() {
        assertThatThrownBy(() -> new RollingUpdate(3, 0, 0, false)).hasMessageContaining("above 0");
    }
}
