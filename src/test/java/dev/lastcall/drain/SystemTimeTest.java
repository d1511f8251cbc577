package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SystemTimeTest {
    private final SystemTime time = new SystemTime("lastcall-timer-under-test");

    @Test
    void actionsRunOnTheTimersOwnDaemonThread() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        time.schedule(Duration.ZERO, () -> ran.complete(Thread.currentThread()));
        Thread thread = ran.get(60, TimeUnit.SECONDS);
        assertThat(thread.getName()).isEqualTo("lastcall-timer-under-test");
        assertThat(thread.isDaemon()).isTrue();
    }

    @Test
    void actionsThatAreDueRunInTheOrderInWhichTheyWereScheduled() throws Exception {
        List<Integer> order = new ArrayList<>();
        CompletableFuture<Void> ran = new CompletableFuture<>();
        time.schedule(Duration.ZERO, () -> order.add(1));
        time.schedule(Duration.ofSeconds(-7), () -> order.add(2));
        time.schedule(Duration.ZERO, () -> ran.complete(null));
        ran.get(60, TimeUnit.SECONDS);
        assertThat(order).containsExactly(1, 2);
    }

    @Test
    void anActionRunsNoEarlierThanItsDelay() throws Exception {
        CompletableFuture<Long> ran = new CompletableFuture<>();
        long start = time.nanoTime();
        time.schedule(Duration.ofMillis(20), () -> ran.complete(time.nanoTime()));
        assertThat(ran.get(60, TimeUnit.SECONDS) - start).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void anActionTakenBackDoesNotRun() throws Exception {
        List<Integer> order = new ArrayList<>();
        CompletableFuture<Void> ran = new CompletableFuture<>();
        Time.Alarm alarm = time.schedule(Duration.ofMillis(20), () -> order.add(1));
        alarm.cancel();
        time.schedule(Duration.ofMillis(40), () -> ran.complete(null));
        ran.get(60, TimeUnit.SECONDS);
        assertThat(order).isEmpty();
    }

    @Test
    void theWallClockIsTheSystems() {
        assertThat(time.instant())
                .isBetween(Instant.now().minusSeconds(10), Instant.now().plusSeconds(10));
    }
}
