package dev.lastcall.drain;

import static dev.lastcall.drain.Outcome.COMPLETED;
import static dev.lastcall.drain.Outcome.LEFT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EntryTest {
    private final DrainFixture fixture = new DrainFixture();
    private final InFlight inFlight = fixture.inFlight;
    private final RecordedWork work = new RecordedWork("/agent/run");
    private final Entry entry = fixture.open(EntryClass.UNARY, work);

    private enum Step {
        END,
        LEAVE,
        CUT,
        RELEASE
    }

    private void cut() {
        inFlight.order(Sweep.CUT);
        inFlight.sweep();
        inFlight.order(Sweep.NONE);
    }

    private static Hold held(Entry entry) {
        return Objects.requireNonNull(entry.hold());
    }

    /** Every order of these four. */
    static Stream<List<Step>> orders() {
        return permutations(List.of(Step.values()));
    }

    private static Stream<List<Step>> permutations(List<Step> steps) {
        if (steps.isEmpty()) {
            return Stream.of(List.of());
        }
        return steps.stream().flatMap(first -> {
            List<Step> rest = steps.stream().filter(step -> step != first).toList();
            return permutations(rest)
                    .map(tail -> Stream.concat(Stream.of(first), tail.stream()).toList());
        });
    }

    @ParameterizedTest
    @MethodSource("orders")
    void thereIsExactlyOneEndInEveryOrder(List<Step> order) {
        Hold hold = held(entry);
        for (Step step : order) {
            switch (step) {
                case END -> entry.end(COMPLETED);
                case LEAVE -> entry.end(LEFT);
                case CUT -> cut();
                case RELEASE -> hold.close();
            }
        }
        int exchange = Math.min(order.indexOf(Step.END), order.indexOf(Step.LEAVE));
        boolean cut = order.indexOf(Step.CUT) < Math.max(exchange, order.indexOf(Step.RELEASE));
        boolean left = order.indexOf(Step.LEAVE) < order.indexOf(Step.END);
        assertThat(inFlight.totals())
                .isEqualTo(new Totals(cut || left ? 0 : 1, 0, cut ? 1 : 0, !cut && left ? 1 : 0, 0, 0));
        assertThat(inFlight.count()).isZero();
        assertThat(work.cuts()).isEqualTo(cut ? 1 : 0);
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void onlyTheFirstEndEndsTheExchange(Outcome first, Outcome second, Totals totals) {
        assertThat(entry.end(first)).isTrue();
        assertThat(entry.end(second)).isFalse();
        assertThat(inFlight.totals()).isEqualTo(totals);
        assertThat(inFlight.count()).isZero();
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                Arguments.of(COMPLETED, LEFT, new Totals(1, 0, 0, 0, 0, 0)),
                Arguments.of(LEFT, COMPLETED, new Totals(0, 0, 0, 1, 0, 0)));
    }

    @Test
    void answerThatWeBreakOffIsNotItsClientsLeaving() {
        entry.breakOff();
        assertThat(entry.end(LEFT)).isTrue();
        assertThat(entry.clientGone()).isFalse();
        assertThat(inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 0, 0, 0, 0, 1));
    }

    @Test
    void aHoldKeepsTheEntryCountedAfterItsClientLeft() {
        Hold hold = held(entry);
        assertThat(entry.end(LEFT)).isTrue();
        assertThat(entry.end(COMPLETED)).isFalse();
        assertThat(inFlight.count()).isEqualTo(1);
        assertThat(inFlight.totals().left()).isZero();
        assertThat(entry.clientGone()).isTrue();
        hold.close();
        assertThat(inFlight.count()).isZero();
        assertThat(inFlight.totals().left()).isEqualTo(1);
    }

    @Test
    void aHoldClosedTwiceIsClosedOnce() {
        Hold hold = held(entry);
        hold.close();
        hold.close();
        assertThat(entry.isOpen()).isTrue();
        assertThat(inFlight.count()).isEqualTo(1);
    }

    @Test
    void eachHoldCounts() {
        Hold first = held(entry);
        Hold second = held(entry);
        entry.end(COMPLETED);
        first.close();
        assertThat(entry.isOpen()).isTrue();
        second.close();
        assertThat(entry.isOpen()).isFalse();
    }

    @Test
    void anEndedEntryCannotBeHeld() {
        entry.end(COMPLETED);
        assertThat(entry.hold()).isNull();
    }

    @Test
    void aHoldGivenBackAfterTheCutChangesNothing() {
        Entry other = fixture.open();
        other.end(COMPLETED);
        Hold hold = held(entry);
        cut();
        hold.close();
        assertThat(inFlight.count()).isZero();
        assertThat(inFlight.totals()).isEqualTo(new Totals(1, 0, 1, 0, 0, 0));
    }

    @Test
    void aClientThatLeavesTellsTheWork() {
        List<String> told = new ArrayList<>();
        entry.onCancelled(() -> told.add("gone " + entry.clientGone()));
        entry.end(LEFT);
        assertThat(told).containsExactly("gone true");
        assertThat(entry.isCancelled()).isTrue();
    }

    @Test
    void completedAnswerDoesNotCancelItsWork() {
        List<String> told = new ArrayList<>();
        entry.onCancelled(() -> told.add("told"));
        entry.end(COMPLETED);
        assertThat(told).isEmpty();
        assertThat(entry.isCancelled()).isFalse();
        assertThat(entry.clientGone()).isFalse();
    }

    @Test
    void listenersRunOnceAndInTheirOrder() {
        List<Integer> told = new ArrayList<>();
        entry.onCancelled(() -> told.add(1));
        entry.onCancelled(() -> told.add(2));
        entry.tell();
        entry.tell();
        assertThat(told).containsExactly(1, 2);
    }

    @Test
    void aListenerThatComesLateRunsAtOnce() {
        entry.tell();
        List<Integer> told = new ArrayList<>();
        DrainSignal.Registration registration = entry.onCancelled(() -> told.add(1));
        assertThat(told).containsExactly(1);
        registration.close();
        entry.tell();
        assertThat(told).containsExactly(1);
    }

    @Test
    void aRegistrationTakenBackIsNotRun() {
        List<Integer> told = new ArrayList<>();
        DrainSignal.Registration registration = entry.onCancelled(() -> told.add(1));
        entry.onCancelled(() -> told.add(2));
        registration.close();
        registration.close();
        entry.tell();
        registration.close();
        assertThat(told).containsExactly(2);
    }

    @Test
    void aListenerThatThrowsKeepsNeitherTheNextNorTheEndFromHappening() {
        List<Integer> told = new ArrayList<>();
        entry.onCancelled(() -> {
            throw new Deliberate();
        });
        entry.onCancelled(() -> told.add(2));
        assertThat(entry.end(LEFT)).isTrue();
        assertThat(told).containsExactly(2);
        assertThat(inFlight.count()).isZero();
    }

    @Test
    void aListenerMayEndItsEntry() {
        entry.onCancelled(() -> entry.end(COMPLETED));
        inFlight.order(Sweep.CUT);
        inFlight.sweep();
        assertThat(inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0));
        assertThat(work.cuts()).isZero();
    }

    @Test
    void entryCountsAsItsLatestClass() {
        entry.become(EntryClass.STREAM);
        assertThat(entry.kind()).isEqualTo(EntryClass.STREAM);
        assertThat(inFlight.countByClass()).containsEntry(EntryClass.STREAM, 1L).containsEntry(EntryClass.UNARY, 0L);
        entry.end(COMPLETED);
        assertThat(inFlight.countByClass().values()).containsOnly(0L);
    }

    @Test
    void anEndedEntryBecomesNothingElse() {
        entry.end(COMPLETED);
        entry.become(EntryClass.STREAM);
        assertThat(entry.kind()).isEqualTo(EntryClass.UNARY);
        assertThat(inFlight.countByClass().values()).containsOnly(0L);
    }
}
