package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that admit and end without a pause, while the drain closes and reopens under them. */
class AdmissionContentionTest {
    private static final int ROUNDS = 500;

    private final SystemTime time = new SystemTime("lastcall-timer-under-test");
    private final InFlight inFlight = new InFlight(time);
    private final LongAdder admitted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder openWhileDrained = new LongAdder();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Map<Long, Integer> drainedByGeneration = new ConcurrentHashMap<>();

    private Drain drain(boolean serve) {
        SettingsBuilder numbers =
                new SettingsBuilder().min("PT0S").quietPeriod("PT0S").max("PT0S");
        Drain drain = new Drain((serve ? numbers.serveAfterLameDuck() : numbers).settings(), time, inFlight);
        drain.subscribe(note -> {
            if (note.event() == Note.Event.STATE && note.state() == DrainState.DRAINED) {
                drainedByGeneration.merge(note.generation(), 1, Integer::sum);
            }
        });
        return drain;
    }

    /** Yields where it is refused: the drain's own threads need a core to open again. */
    @SuppressWarnings("ThreadPriorityCheck")
    private void admitAndEnd(Drain drain) {
        while (!over.get()) {
            if (inFlight.admit(new RecordedWork("/contended"), EntryClass.UNARY, true) instanceof Entry entry) {
                admitted.increment();
                if (drain.state() == DrainState.DRAINED) {
                    openWhileDrained.increment();
                }
                entry.end(Outcome.COMPLETED);
            } else {
                refused.increment();
                Thread.yield();
            }
        }
    }

    private void drainAndUndrain(Drain drain) {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                awaitAnAdmission();
                drain.trigger(Trigger.OPERATOR);
                drain.whenDrained().toCompletableFuture().get(60, TimeUnit.SECONDS);
                assertThat(inFlight.count()).isZero();
                assertThat(drain.undrain()).isEqualTo(new Undrain.Undone(round + 2));
            }
        } catch (Exception e) {
            throw new AssertionError("the drain did not end, in flight: " + inFlight.count(), e);
        } finally {
            over.set(true);
        }
    }

    /** Waits for an admission, so that every drain begins in the middle of them. */
    @SuppressWarnings("ThreadPriorityCheck")
    private void awaitAnAdmission() {
        long before = admitted.sum();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (admitted.sum() == before) {
            assertThat(System.nanoTime() - deadline)
                    .as("nanoseconds beyond 10 s without an admission")
                    .isNegative();
            Thread.yield();
        }
    }

    @ParameterizedTest(name = "after-lame-duck=serve: {0}")
    @ValueSource(booleans = {false, true})
    void nothingSlipsBetweenCheckAndCountAndNothingIsCountedTwice(boolean serve) throws Exception {
        Drain drain = drain(serve);
        try (Race race = new Race()) {
            Runnable client = () -> admitAndEnd(drain);
            race.between(client, client, client, () -> drainAndUndrain(drain));
        }
        assertThat(openWhileDrained.sum()).as("entries open while DRAINED").isZero();
        assertThat(inFlight.count()).isZero();
        assertThat(inFlight.totals()).isEqualTo(new Totals(admitted.sum(), refused.sum(), 0, 0, 0, 0));
        assertThat(inFlight.countByClass().values()).containsOnly(0L);
        assertThat(drainedByGeneration).hasSize(ROUNDS);
        assertThat(drainedByGeneration.values())
                .as("times DRAINED a generation")
                .containsOnly(1);
    }

    @Test
    void nothingIsInFlightOnceTheGateIsClosedOnEmpty() throws Exception {
        Drain drain = drain(false);
        try (Race race = new Race()) {
            race.between(() -> admitAndEnd(drain), () -> {
                try {
                    for (int round = 0; round < 200 * ROUNDS; round++) {
                        closeLookAndReopen();
                    }
                } finally {
                    over.set(true);
                }
            });
        }
        assertThat(inFlight.totals()).isEqualTo(new Totals(admitted.sum(), refused.sum(), 0, 0, 0, 0));
    }

    /** Looks longer than an admission lasts, so that one which had passed the check before the gate closed would show. */
    private void closeLookAndReopen() {
        while (!inFlight.closeIfEmpty()) {
            Thread.onSpinWait();
        }
        for (int look = 0; look < 5; look++) {
            assertThat(inFlight.count() == 0).as("nobody inside").isTrue();
        }
        inFlight.reopen();
    }

    @Test
    void theLastEndOfSeveralAtOnceDrainsExactlyOnce() throws Exception {
        Drain drain = drain(false);
        try (Race race = new Race()) {
            for (int round = 0; round < 500; round++) {
                Entry[] entries = new Entry[3];
                for (int i = 0; i < entries.length; i++) {
                    entries[i] = (Entry) inFlight.admit(new RecordedWork("/last"), EntryClass.UNARY, true);
                }
                race.between(
                        () -> entries[0].end(Outcome.COMPLETED),
                        () -> entries[1].end(Outcome.COMPLETED),
                        () -> entries[2].end(Outcome.LEFT),
                        () -> drain.trigger(Trigger.OPERATOR));
                assertThat(drain.state()).isEqualTo(DrainState.DRAINED);
                drain.undrain();
            }
        }
        assertThat(inFlight.totals()).isEqualTo(new Totals(1000, 0, 0, 500, 0, 0));
    }
}
