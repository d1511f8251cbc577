package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.FinalResponses;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Listeners;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ExitTest {
    private final SystemTime time = new SystemTime("lastcall-drain");
    private final InFlight inFlight = new InFlight(time);
    private final Drain drain = new Drain(settings(Duration.ofSeconds(3)), time, inFlight);
    private final FinalResponses finalResponses = new FinalResponses();
    private final Listeners listeners = new Listeners();
    private final Exit exit = exitOf(drain);

    private Exit exitOf(Drain followed) {
        TerminationReport report = new TerminationReport(followed, new ReleaseSteps(), () -> Path.of("/dev/null"));
        return new Exit(followed, finalResponses, listeners, new Watchdog(followed, report, new ReleaseSteps()));
    }

    @Test
    void endWithoutADrainDrainsFirst() {
        exit.follow();
        exit.awaitRelease();
        assertThat(drain.state()).isEqualTo(DrainState.RELEASING);
        assertThat(drain.view().triggers()).containsExactly(Trigger.SIGTERM);
    }

    @Test
    void endAfterADrainAddsNoTrigger() {
        exit.follow();
        exit.triggered(Trigger.SIGINT);
        exit.awaitRelease();
        assertThat(drain.state()).isEqualTo(DrainState.RELEASING);
        assertThat(drain.view().triggers()).containsExactly(Trigger.SIGINT);
    }

    @Test
    void releaseWaitsForAnAnswerUnderWay() {
        // The cut is minutes away: what begins the release is the answer.
        Drain patient = new Drain(settings(Duration.ofMinutes(5)), time, inFlight);
        Exit following = exitOf(patient);
        CompletableFuture<Void> answer = new CompletableFuture<>();
        finalResponses.register(answer);
        following.follow();
        following.triggered(Trigger.SIGINT);
        patient.whenDrained().toCompletableFuture().join();
        assertThat(patient.state()).isEqualTo(DrainState.DRAINED);
        answer.complete(null);
        await().untilAsserted(() -> assertThat(patient.state()).isEqualTo(DrainState.RELEASING));
    }

    @Test
    void answerThatNeverLeavesDelaysTheReleaseUntilTheCutAtMost() {
        finalResponses.register(new CompletableFuture<>());
        exit.follow();
        exit.triggered(Trigger.SIGINT);
        assertThat(drain.cutRemaining()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        await().untilAsserted(() -> assertThat(drain.state()).isEqualTo(DrainState.RELEASING));
    }

    @Test
    void socketsOfClientsAreClosedBeforeTheLastAnswersAreWaitedForAndThoseOfOperatorsWithTheRelease() {
        Drain patient = new Drain(settings(Duration.ofMinutes(5)), time, inFlight);
        Exit following = exitOf(patient);
        CompletableFuture<Void> answer = new CompletableFuture<>();
        finalResponses.register(answer);
        List<String> closed = new CopyOnWriteArrayList<>();
        listeners.register(audience -> {
            closed.add(audience + " " + patient.state());
            return CompletableFuture.failedFuture(new IllegalStateException("closed before"));
        });
        following.follow();
        following.triggered(Trigger.SIGTERM);
        await().untilAsserted(() -> assertThat(closed).containsExactly("CLIENTS DRAINED"));
        answer.complete(null);
        await().untilAsserted(() -> assertThat(closed).containsExactly("CLIENTS DRAINED", "OPERATORS RELEASING"));
    }

    @Test
    void socketThatCannotBeClosedHoldsUpNothing() {
        listeners.register(audience -> new CompletableFuture<>());
        exit.follow();
        exit.triggered(Trigger.SIGTERM);
        exit.awaitRelease();
        assertThat(drain.state()).isEqualTo(DrainState.RELEASING);
    }

    @Test
    void answerThatFailedIsNotWaitedFor() {
        finalResponses.register(CompletableFuture.failedFuture(new IllegalStateException("reset")));
        assertThat(finalResponses.allEnded()).isCompleted();
    }

    /** @param untilRelease how long after the first trigger the budget of the release begins, a second of exit margin included */
    private static DrainSettings settings(Duration untilRelease) {
        var lameDuck = new DrainSettings.LameDuck(Duration.ZERO, Duration.ZERO, Duration.ZERO, List.of());
        Duration second = Duration.ofSeconds(1);
        // The watchdog is real and would halt the tests' own JVM at the deadline: that is a day away.
        Duration grace = Duration.ofDays(1);
        Duration release = grace.minus(untilRelease);
        return new DrainSettings(grace, second, false, lameDuck, null, Duration.ofMillis(500), release, false);
    }
}
