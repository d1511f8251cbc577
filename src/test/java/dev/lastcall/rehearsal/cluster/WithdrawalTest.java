package dev.lastcall.rehearsal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The delays after which nodes withdraw a pod. */
class WithdrawalTest {
    private static final Duration FROM = Duration.ofMillis(500);
    private static final Duration TO = Duration.ofSeconds(2);

    @Test
    void seedReplaysTheDelaysOfEachPod() {
        Withdrawal withdrawal = new Withdrawal(FROM, TO, 42);
        Duration[] delays = withdrawal.delays(7, 3);
        assertThat(new Withdrawal(FROM, TO, 42).delays(7, 3)).isEqualTo(delays);
        assertThat(withdrawal.delays(8, 3)).isNotEqualTo(delays);
        assertThat(new Withdrawal(FROM, TO, 43).delays(7, 3)).isNotEqualTo(delays);
        assertThat(delays).hasSize(3).allSatisfy(delay -> assertThat(delay).isBetween(FROM, TO));
    }
}
