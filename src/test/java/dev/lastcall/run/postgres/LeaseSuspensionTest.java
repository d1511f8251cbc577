package dev.lastcall.run.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeaseSuspensionTest {
    private static final int ROUNDS = 5_000;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final LeaseSuspension suspension = new LeaseSuspension(new Heartbeat.Listener() {
        @Override
        public void lost() {
            heard.add("lost");
        }

        @Override
        public void suspended() {
            heard.add("suspended");
        }

        @Override
        public void resumed() {
            heard.add("resumed");
        }
    });

    @Test
    void onlyTheNewestRenewalSuspends() {
        long first = suspension.renewed(true);
        long second = suspension.renewed(true);
        suspension.expire(first);
        assertThat(heard).isEmpty();

        suspension.expire(second);
        suspension.expire(second);
        assertThat(heard).containsExactly("suspended");
    }

    @Test
    void renewalThatHasRunOutByItsAnswerResumesNothing() {
        suspension.expire(suspension.renewed(true));
        long late = suspension.renewed(false);
        assertThat(heard).containsExactly("suspended");

        suspension.expire(late);
        suspension.renewed(true);
        assertThat(heard).containsExactly("suspended", "resumed");
    }

    @Test
    void nextIncarnationBeginsUnsuspended() {
        long last = suspension.renewed(true);
        suspension.expire(last);
        suspension.lost();
        suspension.expire(last);
        suspension.renewed(true);
        assertThat(heard).containsExactly("suspended", "lost", "resumed");
    }

    @Test
    void lateRenewalDoesNotUndoAnExpiry() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier start = new CyclicBarrier(2);
            for (int i = 0; i < ROUNDS; i++) {
                long renewal = suspension.renewed(true);
                boolean dies = i % 2 == 0;
                Future<?> expires = threads.submit(() -> {
                    start.await();
                    suspension.expire(renewal);
                    return null;
                });
                Future<?> renews = threads.submit(() -> {
                    start.await();
                    if (dies) {
                        suspension.lost();
                    }
                    suspension.renewed(true);
                    return null;
                });
                expires.get(60, TimeUnit.SECONDS);
                renews.get(60, TimeUnit.SECONDS);
                assertThat(heard.stream().filter(word -> !word.equals("lost")).reduce("", (before, word) -> word))
                        .isNotEqualTo("suspended");
                heard.clear();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
