package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryContentionTest {
    private static final int ENTRIES = 20_000;
    private static final int ROUNDS = 1000;
    private static final int BATCH = 64;

    private final InFlight inFlight = new InFlight(new FakeTime());
    private final Race race = new Race();

    @AfterEach
    void endRace() {
        race.close();
    }

    private Entry open(EntryClass kind, RecordedWork work) {
        return (Entry) inFlight.admit(work, kind, true);
    }

    private Entry open(EntryClass kind) {
        return open(kind, new RecordedWork("/race"));
    }

    private void sweep(Sweep sweep) {
        inFlight.order(sweep);
        inFlight.sweep();
    }

    private enum Step {
        END,
        LEAVE,
        CUT,
        RELEASE,
        RELEASE_ANOTHER
    }

    /** An entry that ends with either of two steps: it has the holds that they give back, and no exchange where neither ends it. */
    private final class Contested {
        final RecordedWork work = new RecordedWork("/race");
        final Entry entry = open(EntryClass.UNARY, work);
        final Map<Step, Hold> holds = new EnumMap<>(Step.class);
        final LongAdder firsts = new LongAdder();
        final LongAdder noted = new LongAdder();

        Contested(Step one, Step other) {
            for (Step step : List.of(one, other)) {
                if (step == Step.RELEASE || step == Step.RELEASE_ANOTHER) {
                    holds.put(step, Objects.requireNonNull(entry.hold()));
                }
            }
            if (holds.size() == 2 || (holds.size() == 1 && (one == Step.CUT || other == Step.CUT))) {
                entry.end(Outcome.COMPLETED);
            }
        }

        void take(Step step) {
            switch (step) {
                case END -> firsts.add(entry.end(Outcome.COMPLETED) ? 1 : 0);
                case LEAVE -> firsts.add(entry.end(Outcome.LEFT) ? 1 : 0);
                case CUT -> entry.cut(noted::increment);
                case RELEASE, RELEASE_ANOTHER ->
                    Objects.requireNonNull(holds.get(step)).close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "END,LEAVE",
        "END,CUT",
        "LEAVE,CUT",
        "END,RELEASE",
        "LEAVE,RELEASE",
        "RELEASE,CUT",
        "RELEASE,RELEASE_ANOTHER"
    })
    void ofTwoStepsAtOnceExactlyOneEndsTheEntry(Step one, Step other) throws Exception {
        List<Contested> all =
                Stream.generate(() -> new Contested(one, other)).limit(ENTRIES).toList();
        assertThat(inFlight.count()).isEqualTo(ENTRIES);
        race.overEach(ENTRIES, i -> all.get(i).take(one), i -> all.get(i).take(other));
        assertThat(inFlight.count()).isZero();
        assertThat(inFlight.countByClass().values()).containsOnly(0L);
        Totals totals = inFlight.totals();
        assertThat(totals.served() + totals.left() + totals.cut()).isEqualTo(ENTRIES);
        assertThat(all.stream().mapToInt(each -> each.work.cuts()).sum()).isEqualTo((int) totals.cut());
        assertThat(all.stream().mapToLong(each -> each.noted.sum()).sum()).isEqualTo(totals.cut());
        assertThat(all).allMatch(each -> each.firsts.sum() <= 1);
        assertThat(all).noneMatch(each -> each.entry.isOpen());
    }

    /** The sweep begins in the middle of the admissions, at another place in each round. */
    private List<Entry> admitDuring(Sweep sweep, int round) throws Exception {
        List<Entry> entries = new ArrayList<>();
        AtomicInteger admitted = new AtomicInteger();
        race.between(
                () -> {
                    for (int i = 0; i < BATCH; i++) {
                        entries.add(open(EntryClass.STREAM));
                        admitted.setRelease(i);
                    }
                },
                () -> {
                    while (admitted.get() < round % (BATCH - 1)) {
                        Thread.onSpinWait();
                    }
                    sweep(sweep);
                });
        inFlight.order(Sweep.NONE);
        return entries;
    }

    @Test
    void anEntryThatIsLinkedDuringTheSweepIsToldByOneOfThem() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Entry> entries = admitDuring(Sweep.TELL_STREAMS, round);
            assertThat(entries).allMatch(Entry::isCancelled);
            entries.forEach(entry -> entry.end(Outcome.COMPLETED));
        }
    }

    @Test
    void anEntryThatIsLinkedDuringTheCutIsCutByOneOfThem() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            admitDuring(Sweep.CUT, round);
            assertThat(inFlight.count()).isZero();
        }
        assertThat(inFlight.totals().cut()).isEqualTo(ROUNDS * BATCH);
    }

    @Test
    void anEntryThatBecomesAStreamDuringTheSweepIsToldByOneOfThem() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Entry entry = open(EntryClass.UNARY);
            race.between(() -> entry.become(EntryClass.STREAM), () -> sweep(Sweep.TELL_STREAMS));
            assertThat(entry.isCancelled()).isTrue();
            inFlight.order(Sweep.NONE);
            entry.end(Outcome.COMPLETED);
        }
    }

    @Test
    void anEntryThatBecomesAStreamWhileItEndsLeavesNoCount() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Entry entry = open(EntryClass.UNARY);
            race.between(() -> entry.become(EntryClass.STREAM), () -> entry.end(Outcome.COMPLETED));
            assertThat(inFlight.countByClass().values()).containsOnly(0L);
        }
    }

    @Test
    void aListenerRegisteredWhileItIsToldRunsExactlyOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Entry entry = open(EntryClass.STREAM);
            AtomicInteger told = new AtomicInteger();
            race.between(() -> entry.onCancelled(told::incrementAndGet), () -> sweep(Sweep.TELL_ALL), () -> {
                boolean ended = entry.end(Outcome.LEFT);
                assertThat(ended).isTrue();
            });
            assertThat(told).hasValue(1);
            inFlight.order(Sweep.NONE);
        }
    }

    /** A halt makes its report as soon as it has counted: what another thread has just begun to cut is in it, by name and once. */
    @Test
    void cutThatAHaltCountsIsNoted() throws Exception {
        List<Entry> entries = new ArrayList<>();
        List<AtomicInteger> noted = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            entries.add(open(EntryClass.UNARY));
            noted.add(new AtomicInteger());
        }
        AtomicInteger unnoted = new AtomicInteger();

        race.overEach(
                ENTRIES,
                i -> entries.get(i).cut(() -> {
                    // Off its core for a moment.
                    for (int spin = 0; spin < 200; spin++) {
                        Thread.onSpinWait();
                    }
                    noted.get(i).incrementAndGet();
                }),
                i -> {
                    entries.get(i).abandon(() -> noted.get(i).incrementAndGet());
                    unnoted.addAndGet(1 - noted.get(i).get());
                });

        assertThat(unnoted).hasValue(0);
        assertThat(noted).allSatisfy(count -> assertThat(count).hasValue(1));
        assertThat(inFlight.totals().cut()).isEqualTo(ENTRIES);
    }
}
