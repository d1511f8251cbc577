package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InFlightTest {
    private final DrainFixture fixture = new DrainFixture();
    private final InFlight inFlight = fixture.inFlight;

    @Test
    void isOpenUntilItCloses() {
        InFlight one = new InFlight(new FakeTime());
        assertThat(one.isOpen()).isTrue();
        one.close();
        assertThat(one.isOpen()).isFalse();
        one.reopen();
        assertThat(one.isOpen()).isTrue();
    }

    @Test
    void everyEntryIsCountedInItsClass() {
        for (EntryClass kind : EntryClass.values()) {
            fixture.open(kind);
        }
        fixture.open(EntryClass.STREAM);
        assertThat(inFlight.count()).isEqualTo(6);
        assertThat(inFlight.countByClass())
                .containsEntry(EntryClass.STREAM, 2L)
                .containsEntry(EntryClass.RUN, 1L)
                .containsOnlyKeys(EntryClass.values());
        assertThat(fixture.drain.view().inFlight()).isEqualTo(inFlight.countByClass());
    }

    @Test
    void theOldestAreNamedFirst() {
        for (String path : List.of("/one", "/two", "/three")) {
            fixture.open(EntryClass.UNARY, new RecordedWork(path));
            fixture.time.advance(Duration.ofSeconds(1));
        }
        assertThat(inFlight.oldest(2))
                .extracting(EntryView::method, EntryView::path, EntryView::age)
                .containsExactly(
                        tuple("POST", "/one", Duration.ofSeconds(3)), tuple("POST", "/two", Duration.ofSeconds(2)));
    }

    @Test
    void entriesThatEndedAreNotNamed() {
        Entry first = fixture.open(EntryClass.UNARY, new RecordedWork("/first"));
        Entry middle = fixture.open(EntryClass.UNARY, new RecordedWork("/middle"));
        fixture.open(EntryClass.UNARY, new RecordedWork("/last"));
        middle.end(Outcome.COMPLETED);
        assertThat(inFlight.oldest(9)).extracting(EntryView::path).containsExactly("/first", "/last");
        first.end(Outcome.COMPLETED);
        assertThat(inFlight.oldest(9)).extracting(EntryView::path).containsExactly("/last");
    }

    @Test
    void viewShowsCancellationAndALeftClient() {
        Entry entry = fixture.open(EntryClass.WEBSOCKET);
        assertThat(inFlight.oldest(1)).extracting(EntryView::told).containsExactly(false);
        Hold hold = entry.hold();
        entry.end(Outcome.LEFT);
        assertThat(inFlight.oldest(1))
                .extracting(EntryView::kind, EntryView::told, EntryView::clientGone)
                .containsExactly(tuple(EntryClass.WEBSOCKET, true, true));
        assertThat(hold).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"/a/b,/a/b", "/a?token=secret,/a", "?x,''"})
    void aPathIsShownWithoutItsQuery(String path, String shown) {
        fixture.open(EntryClass.UNARY, new RecordedWork(path));
        assertThat(inFlight.oldest(1)).extracting(EntryView::path).containsExactly(shown);
    }

    @ParameterizedTest
    @CsvSource({"79,79", "80,80", "81,80"})
    void aPathIsShownUpToEightyCharacters(int length, int shown) {
        fixture.open(EntryClass.UNARY, new RecordedWork("/".repeat(length)));
        assertThat(inFlight.oldest(1)).extracting(EntryView::path).containsExactly("/".repeat(shown));
    }

    @Test
    void workThatCannotBeNamedIsCutAllTheSame() {
        List<String> cut = new ArrayList<>();
        fixture.open(EntryClass.UNARY, new Nameless(cut));
        fixture.open();
        fixture.begin(Trigger.SIGTERM).at(25).expect(DrainState.DRAINED);
        assertThat(cut).containsExactly("cut");
        assertThat(inFlight.totals().cut()).isEqualTo(2);
        assertThat(inFlight.cuts().named())
                .extracting(EntryView::method, EntryView::path)
                .contains(tuple("(unknown)", "(unknown)"));
    }

    @Test
    void workThatFailsToBeCutIsCutAndKeepsNoOtherFromIt() {
        RecordedWork last = new RecordedWork("/last");
        fixture.open(EntryClass.UNARY, new Stubborn());
        fixture.open(EntryClass.UNARY, last);
        fixture.begin(Trigger.SIGTERM).at(25).expect(DrainState.DRAINED);
        assertThat(inFlight.totals().cut()).isEqualTo(2);
        assertThat(last.cuts()).isEqualTo(1);
    }

    @Test
    void cutsAreCountedByClassAndTheFirstSixteenNamed() {
        for (int i = 0; i < 17; i++) {
            fixture.open(EntryClass.STREAM, new RecordedWork("/stream/" + i));
        }
        fixture.open(EntryClass.UNARY);
        fixture.begin(Trigger.SIGTERM).at(25);
        Cuts cuts = inFlight.cuts();
        assertThat(cuts.countByClass()).containsOnly(entry(EntryClass.STREAM, 17L), entry(EntryClass.UNARY, 1L));
        assertThat(cuts.named()).hasSize(16).first().extracting(EntryView::path).isEqualTo("/stream/0");
    }

    @Test
    void everythingThatIsCutWasToldBefore() {
        List<String> order = new ArrayList<>();
        Entry entry = fixture.open(EntryClass.STREAM, new Nameless(order));
        entry.onCancelled(() -> order.add("told"));
        fixture.begin(Trigger.SIGTERM).at(25).expect(DrainState.DRAINED);
        assertThat(order).containsExactly("told", "cut");
    }

    @Test
    void whereTheGateSaysEmptyTheListsAre() {
        List<EntryView> listed = new ArrayList<>();
        List<Long> counted = new ArrayList<>();
        inFlight.watch();
        inFlight.onEmpty(() -> {
            listed.addAll(inFlight.oldest(1));
            counted.addAll(inFlight.countByClass().values());
        });
        fixture.request();
        assertThat(listed).isEmpty();
        assertThat(counted).isNotEmpty().containsOnly(0L);
    }

    @Test
    void anEndedEntryThatIsKeptKeepsNoOtherAlive() {
        Entry kept = fixture.open();
        WeakReference<Entry> later = new WeakReference<>(fixture.open());
        kept.end(Outcome.COMPLETED);
        Objects.requireNonNull(later.get()).end(Outcome.COMPLETED);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            System.gc();
            assertThat(later.get()).isNull();
        });
        assertThat(kept.isOpen()).isFalse();
    }

    @Test
    void bytesThatCrossTheCloseAreReportedAsSuchOnly() {
        inFlight.crossed();
        assertThat(inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 0, 1, 0));
    }

    private record Nameless(List<String> heard) implements Work {
        @Override
        public String method() {
            throw new Deliberate();
        }

        @Override
        public String path() {
            throw new Deliberate();
        }

        @Override
        public void cut() {
            heard.add("cut");
        }
    }

    private record Stubborn() implements Work {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/stubborn";
        }

        @Override
        public void cut() {
            throw new Deliberate();
        }
    }
}
