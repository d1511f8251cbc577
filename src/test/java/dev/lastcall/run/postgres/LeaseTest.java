package dev.lastcall.run.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Lease lease = new Lease(Duration.ofSeconds(10));

    @Test
    void isHeldUntilASecondBeforeOthersCountItOver() {
        assertThat(lease.isHeld(0)).isFalse();
        lease.renewed(5 * SECOND);
        assertThat(lease.isHeld(14 * SECOND - 1)).isTrue();
        assertThat(lease.isHeld(14 * SECOND)).isFalse();
    }

    @Test
    void lostLeaseIsNotHeld() {
        lease.renewed(0);
        lease.lost();
        assertThat(lease.isHeld(1)).isFalse();
    }

    @Test
    void isSoundAfterAWholeLeaseOfRenewals() {
        for (int at = 0; at <= 9; at += 3) {
            lease.renewed(at * SECOND);
        }
        assertThat(lease.isSound(10 * SECOND - 1)).isFalse();
        assertThat(lease.isSound(10 * SECOND)).isTrue();
    }

    @Test
    void failedRenewalStartsTheWaitAnew() {
        for (int at = 0; at <= 12; at += 3) {
            lease.renewed(at * SECOND);
        }
        lease.missed(15 * SECOND);
        lease.renewed(16 * SECOND);
        lease.renewed(19 * SECOND);
        lease.renewed(22 * SECOND);
        assertThat(lease.isSound(25 * SECOND - 1)).isFalse();
        assertThat(lease.isSound(25 * SECOND)).isTrue();
    }

    @Test
    void processThatWasStoppedWaitsAnewThoughNoRenewalFailed() {
        for (int at = 0; at <= 12; at += 3) {
            lease.renewed(at * SECOND);
        }
        lease.renewed(40 * SECOND);
        assertThat(lease.isSound(41 * SECOND)).isFalse();
        lease.renewed(45 * SECOND);
        assertThat(lease.isSound(50 * SECOND)).isTrue();
    }
}
