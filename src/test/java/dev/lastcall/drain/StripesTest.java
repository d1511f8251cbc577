package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.DrainState.LAME_DUCK;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries in several stripes look like one set from outside. */
class StripesTest {
    private static final int THREADS = 64;

    private final DrainFixture fixture = new DrainFixture();

    private static List<Entry> openFromManyThreads(DrainFixture fixture) throws Exception {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            CompletableFuture<Entry> opened = new CompletableFuture<>();
            String path = "/" + i;
            new Thread(() -> opened.complete(fixture.open(EntryClass.STREAM, new RecordedWork(path)))).start();
            entries.add(opened.get(60, TimeUnit.SECONDS));
            fixture.time.advance(Duration.ofMillis(1));
        }
        return entries;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyTheLastEndOfAllDrains(boolean serve) throws Exception {
        DrainFixture drained = serve ? new DrainFixture(new SettingsBuilder().serveAfterLameDuck()) : fixture;
        List<Entry> entries = openFromManyThreads(drained);
        drained.begin(Trigger.OPERATOR).at(3600);
        for (Entry entry : entries) {
            drained.expect(DRAINING);
            entry.end(Outcome.COMPLETED);
        }
        drained.expect(DRAINED);
        assertThat(drained.inFlight.totals().served()).isEqualTo(THREADS);
    }

    @Test
    void closingRefusesEveryThread() throws Exception {
        fixture.open();
        fixture.begin(Trigger.SIGINT).expect(DRAINING);
        for (int i = 0; i < THREADS; i++) {
            CompletableFuture<Boolean> admitted = new CompletableFuture<>();
            new Thread(() -> admitted.complete(fixture.admits())).start();
            assertThat(admitted.get(60, TimeUnit.SECONDS)).isFalse();
        }
        assertThat(fixture.inFlight.totals().rejected()).isEqualTo(THREADS);
    }

    @Test
    void theyAreCountedAndNamedTogether() throws Exception {
        openFromManyThreads(fixture);
        assertThat(fixture.inFlight.count()).isEqualTo(THREADS);
        assertThat(fixture.inFlight.countByClass()).containsEntry(EntryClass.STREAM, (long) THREADS);
        assertThat(fixture.inFlight.oldest(3)).extracting(EntryView::path).containsExactly("/0", "/1", "/2");
    }

    @Test
    void aSweepReachesAll() throws Exception {
        List<Entry> entries = openFromManyThreads(fixture);
        fixture.begin(Trigger.SIGTERM).at(22);
        assertThat(entries).allMatch(Entry::isCancelled);
        fixture.at(25).expect(DRAINED);
        assertThat(fixture.inFlight.totals().cut()).isEqualTo(THREADS);
    }

    @Test
    void theLastRequestOfAnyThreadStartsTheSilenceAnew() throws Exception {
        openFromManyThreads(fixture);
        fixture.begin(Trigger.SIGTERM).at(1.5);
        CompletableFuture<DrainFixture> requested = new CompletableFuture<>();
        new Thread(() -> requested.complete(fixture.request())).start();
        requested.get(60, TimeUnit.SECONDS);
        fixture.justBefore(2.5).expect(LAME_DUCK).at(2.5).expect(DRAINING);
    }
}
