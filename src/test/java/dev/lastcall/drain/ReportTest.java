package dev.lastcall.drain;

import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReportTest {
    private final DrainFixture fixture = new DrainFixture();

    @Test
    void totalsAreThoseSinceTheDrainBegan() {
        fixture.request();
        fixture.open().end(Outcome.LEFT);
        assertThat(fixture.drain.view().totals()).isEqualTo(Totals.NONE);
        assertThat(fixture.drain.view().sinceStart()).isEqualTo(new Totals(1, 0, 0, 1, 0, 0));
        assertThat(fixture.drain.view().startedAt()).isNull();
        fixture.at(60).begin(SIGTERM).request().request();
        fixture.open(EntryClass.STREAM, new RecordedWork("/agent/stream"));
        fixture.inFlight.crossed();
        fixture.at(12);
        assertThat(fixture.admits()).isFalse();
        fixture.at(25);
        Report report = fixture.drain.report(new ReleaseSteps());
        assertThat(report.drain().totals()).isEqualTo(new Totals(2, 1, 1, 0, 1, 0));
        assertThat(report.drain().sinceStart()).isEqualTo(new Totals(3, 1, 1, 1, 1, 0));
        assertThat(report.drain().startedAt()).isEqualTo(Instant.EPOCH.plusSeconds(60));
        assertThat(report.cuts().named()).singleElement().satisfies(cut -> {
            assertThat(cut.path()).isEqualTo("/agent/stream");
            assertThat(cut.kind()).isEqualTo(EntryClass.STREAM);
            assertThat(cut.age()).isEqualTo(Duration.ofSeconds(25));
            assertThat(cut.told()).isTrue();
        });
        assertThat(report.exitCode()).isEqualTo(1);
    }

    @Test
    void haltCountsACutThatAnotherThreadIsBusyWith() {
        List<Report> halted = new ArrayList<>();
        fixture.open(EntryClass.UNARY, new Work() {
            @Override
            public String method() {
                return "GET";
            }

            @Override
            public String path() {
                return "/slow-to-cut";
            }

            @Override
            public void cut() {
                halted.add(fixture.drain.reportOfHalt(new ReleaseSteps()));
            }
        });
        fixture.begin(SIGTERM).at(26);
        assertThat(halted).singleElement().satisfies(report -> {
            assertThat(report.drain().totals()).isEqualTo(new Totals(0, 0, 1, 0, 0, 0));
            assertThat(report.cuts().named()).extracting(EntryView::path).containsExactly("/slow-to-cut");
        });
        assertThat(fixture.inFlight.totals()).isEqualTo(new Totals(0, 0, 1, 0, 0, 0));
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                Arguments.of(new ReleaseOutcome.Released(), false, 0),
                Arguments.of(new ReleaseOutcome.Failed(new IllegalStateException()), false, 1),
                Arguments.of(new ReleaseOutcome.TimedOut(), false, 1),
                Arguments.of(new ReleaseOutcome.Failed(new IllegalStateException()), true, 0),
                Arguments.of(new ReleaseOutcome.TimedOut(), true, 0));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void theExitCodeIsZeroWhereNothingWasCutAndEveryStepThatMattersEnded(
            ReleaseOutcome outcome, boolean optional, int code) {
        var released = new ReleaseResult(
                "a", ReleaseStage.REDIS, Instant.EPOCH, Duration.ZERO, new ReleaseOutcome.Released(), false);
        var other = new ReleaseResult("b", ReleaseStage.STATE, Instant.EPOCH, Duration.ZERO, outcome, optional);
        Report report = new Report(fixture.drain.view(), new Cuts(), List.of(released, other), 0);
        assertThat(report.exitCode()).isEqualTo(code);
    }

    @Test
    void reportOfAHaltCountsWhatIsInFlightAsCutByName() {
        RecordedWork work = new RecordedWork("/agent/stream");
        Entry stream = fixture.open(EntryClass.STREAM, work);
        Entry held = fixture.open(EntryClass.UNARY, new RecordedWork("/agent/run"));
        Hold hold = Objects.requireNonNull(held.hold());
        fixture.begin(SIGTERM).at(3);
        held.end(Outcome.LEFT);
        Report report = fixture.drain.reportOfHalt(new ReleaseSteps());
        assertThat(report.drain().totals()).isEqualTo(new Totals(0, 0, 2, 0, 0, 0));
        assertThat(report.cuts().named())
                .extracting(EntryView::path)
                .containsExactlyInAnyOrder("/agent/stream", "/agent/run");
        assertThat(report.cuts().countByClass())
                .containsOnly(entry(EntryClass.STREAM, 1L), entry(EntryClass.UNARY, 1L));
        assertThat(report.exitCode()).isEqualTo(1);
        // Nothing is run for it, whoever ends now comes too late, and the halted drain stays where it was.
        assertThat(work.cuts()).isZero();
        assertThat(stream.end(Outcome.COMPLETED)).isFalse();
        hold.close();
        assertThat(fixture.admits()).isFalse();
        fixture.time.runPending();
        fixture.expect(DrainState.LAME_DUCK);
        assertThat(fixture.drain
                        .reportOfHalt(new ReleaseSteps())
                        .drain()
                        .totals()
                        .cut())
                .isEqualTo(2);
    }

    @Test
    void undoneDrainHasItsNumbers() {
        List<Report> undone = new ArrayList<>();
        fixture.drain.subscribeUndone(undone::add);
        fixture.open(EntryClass.UNARY, new RecordedWork("/cut"));
        fixture.request().begin(Trigger.PRE_STOP).request().at(12);
        assertThat(fixture.admits()).isFalse();
        fixture.at(35).expect(DrainState.SERVING);
        Report report = undone.get(0);
        assertThat(report.drain().totals()).isEqualTo(new Totals(1, 1, 1, 0, 0, 0));
        assertThat(report.drain().generation()).isEqualTo(1);
        assertThat(report.drain().startedAt()).isEqualTo(Instant.EPOCH);
        assertThat(report.drain().notes()).last().satisfies(last -> assertThat(last.detail())
                .isEqualTo("pre-stop expired"));
        assertThat(report.cuts().named()).extracting(EntryView::path).containsExactly("/cut");
        // The next one begins at zero.
        fixture.begin(Trigger.OPERATOR);
        fixture.drain.undrain();
        fixture.time.runPending();
        assertThat(undone).hasSize(2);
        assertThat(undone.get(1).drain().totals()).isEqualTo(new Totals(0, 0, 0, 0, 0, 0));
        assertThat(undone.get(1).cuts().named()).isEmpty();
    }

    @Test
    void oneCutIsAnExitCodeOfOne() {
        fixture.open();
        fixture.begin(SIGTERM).at(25);
        assertThat(fixture.drain.report(new ReleaseSteps()).exitCode()).isEqualTo(1);
    }

    @Test
    void oneLostRunIsAnExitCodeOfOne() {
        fixture.begin(SIGTERM);
        fixture.open().end(Outcome.LOST);
        Report report = fixture.drain.report(new ReleaseSteps());
        assertThat(report.drain().totals()).isEqualTo(new Totals(0, 0, 0, 0, 0, 0, 1, 0));
        assertThat(report.exitCode()).isEqualTo(1);
    }
}
