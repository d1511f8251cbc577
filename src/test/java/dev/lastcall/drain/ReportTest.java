package dev.lastcall.drain;

import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReportTest {
    private final DrainFixture scene = new DrainFixture();

    @Test
    void totalsAreThoseSinceTheDrainBegan() {
        scene.request();
        scene.open().end(Outcome.LEFT);
        assertThat(scene.drain.view().totals()).isEqualTo(new Totals(1, 0, 0, 1, 0, 0));
        assertThat(scene.drain.view().startedAt()).isNull();
        scene.at(60).begin(SIGTERM).request().request();
        scene.open(EntryClass.STREAM, new RecordedWork("/agent/stream"));
        scene.inFlight.crossed();
        scene.at(12);
        assertThat(scene.admits()).isFalse();
        scene.at(25);
        Report report = scene.drain.report(new ReleaseSteps());
        assertThat(report.drain().totals()).isEqualTo(new Totals(2, 1, 1, 0, 1, 0));
        assertThat(report.drain().startedAt()).isEqualTo(Instant.EPOCH.plusSeconds(60));
        assertThat(report.cuts().named()).singleElement().satisfies(cut -> {
            assertThat(cut.path()).isEqualTo("/agent/stream");
            assertThat(cut.kind()).isEqualTo(EntryClass.STREAM);
            assertThat(cut.age()).isEqualTo(Duration.ofSeconds(25));
            assertThat(cut.told()).isTrue();
        });
        assertThat(report.exitCode()).isEqualTo(1);
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
        Report report = new Report(scene.drain.view(), new Cuts(), List.of(released, other), 0);
        assertThat(report.exitCode()).isEqualTo(code);
    }

    @Test
    void oneCutIsAnExitCodeOfOne() {
        scene.open();
        scene.begin(SIGTERM).at(25);
        assertThat(scene.drain.report(new ReleaseSteps()).exitCode()).isEqualTo(1);
    }

    @Test
    void oneLostRunIsAnExitCodeOfOne() {
        scene.begin(SIGTERM);
        scene.open().end(Outcome.LOST);
        Report report = scene.drain.report(new ReleaseSteps());
        assertThat(report.drain().totals()).isEqualTo(new Totals(0, 0, 0, 0, 0, 0, 1, 0));
        assertThat(report.exitCode()).isEqualTo(1);
    }
}
