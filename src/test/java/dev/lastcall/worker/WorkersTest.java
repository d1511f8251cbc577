package dev.lastcall.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainSignal;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseOutcome;
import dev.lastcall.drain.ReleaseResult;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Trigger;
import io.quarkus.runtime.StartupEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final FakeTime time = new FakeTime();
    private final Drain drain = new Drain(DrainSettings.defaults(), time, new InFlight(time));
    private final ReleaseSteps steps = new ReleaseSteps();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final CountDownLatch theEnd = new CountDownLatch(1);

    private interface Body {
        void run(DrainSignal signal) throws Exception;
    }

    private record Named(String name, Duration timeout, Body body) implements Worker {
        @Override
        public void run(DrainSignal signal) throws Exception {
            body.run(signal);
        }
    }

    @AfterEach
    void deafOnesMayGo() {
        theEnd.countDown();
    }

    private void start(Duration timeout, Body body) {
        new Workers(List.of(new Named("mail", timeout, body))).start(new StartupEvent(), drain, steps);
    }

    private ReleaseResult release() {
        steps.release(ReleaseStage.WORKERS, () -> LIMIT);
        assertThat(steps.results()).hasSize(1);
        return steps.results().get(0);
    }

    private void trigger(Trigger trigger) {
        drain.trigger(trigger);
        time.runPending();
    }

    private void awaitSaid(String... words) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(said).containsExactly(words));
    }

    /** A worker that records its begin and its end, and works until it is told to end. */
    private void untilTold(DrainSignal signal) throws InterruptedException {
        said.add("begins");
        CountDownLatch told = new CountDownLatch(1);
        signal.onCancelled(told::countDown);
        told.await();
        assertThat(signal.isCancelled()).isTrue();
        said.add("ends");
    }

    @Test
    void firstTriggerTellsItAndTheReportSaysThatItFinished() {
        start(LIMIT, this::untilTold);
        awaitSaid("begins");
        trigger(Trigger.PRE_STOP);
        awaitSaid("begins", "ends");
        ReleaseResult result = release();
        assertThat(result.name()).isEqualTo("worker mail");
        assertThat(result.released()).isTrue();
    }

    @Test
    void undrainedItRunsAgainWithAnotherSignal() {
        start(LIMIT, this::untilTold);
        trigger(Trigger.OPERATOR);
        awaitSaid("begins", "ends");
        drain.undrain();
        time.runPending();
        awaitSaid("begins", "ends", "begins");
        trigger(Trigger.SIGTERM);
        awaitSaid("begins", "ends", "begins", "ends");
        assertThat(release().released()).isTrue();
    }

    @Test
    void undrainedBeforeItReturnedItRunsAgainOnlyThen() {
        CountDownLatch mayReturn = new CountDownLatch(1);
        start(LIMIT, signal -> {
            untilTold(signal);
            mayReturn.await();
            said.add("returns");
        });
        trigger(Trigger.OPERATOR);
        awaitSaid("begins", "ends");
        drain.undrain();
        time.runPending();
        mayReturn.countDown();
        awaitSaid("begins", "ends", "returns", "begins");
    }

    @Test
    void drainedAgainBeforeItReturnedItDoesNotRunAgain() {
        CountDownLatch mayReturn = new CountDownLatch(1);
        start(LIMIT, signal -> {
            untilTold(signal);
            mayReturn.await();
        });
        trigger(Trigger.OPERATOR);
        awaitSaid("begins", "ends");
        drain.undrain();
        trigger(Trigger.SIGTERM);
        mayReturn.countDown();
        assertThat(release().released()).isTrue();
        assertThat(said).containsExactly("begins", "ends");
    }

    @Test
    void workerThatReturnsByItselfIsDone() {
        start(LIMIT, signal -> said.add("done"));
        awaitSaid("done");
        trigger(Trigger.OPERATOR);
        drain.undrain();
        time.runPending();
        assertThat(release().released()).isTrue();
        assertThat(said).containsExactly("done");
    }

    @Test
    void atItsTimeoutItIsInterruptedAndReportedAsCancelled() {
        start(Duration.ofMillis(100), signal -> new CountDownLatch(1).await());
        assertThat(release().outcome())
                .isInstanceOfSatisfying(ReleaseOutcome.Failed.class, failed -> assertThat(failed.cause())
                        .hasMessage("cancelled: interrupted after 100 ms; it ended then"));
    }

    @Test
    void deafOneIsLeftBehind() {
        start(Duration.ofMillis(100), signal -> {
            while (theEnd.getCount() > 0) {
                try {
                    theEnd.await();
                } catch (InterruptedException e) {
                    said.add("interrupted");
                }
            }
        });
        assertThat(release().outcome())
                .isInstanceOfSatisfying(ReleaseOutcome.Failed.class, failed -> assertThat(failed.cause())
                        .hasMessage("cancelled: interrupted after 100 ms; it did not hear it and runs on"));
        assertThat(said).containsExactly("interrupted");
    }

    @Test
    void failureIsReportedAsItself() {
        start(LIMIT, signal -> {
            said.add("begins");
            throw new IllegalStateException("no luck");
        });
        awaitSaid("begins");
        assertThat(release().outcome())
                .isInstanceOfSatisfying(ReleaseOutcome.Failed.class, failed -> assertThat(failed.cause())
                        .hasMessage("no luck"));
    }

    @Test
    void releaseWithoutATriggerTellsItToo() {
        start(LIMIT, this::untilTold);
        awaitSaid("begins");
        assertThat(release().released()).isTrue();
        assertThat(said).containsExactly("begins", "ends");
    }

    @Test
    void budgetThatIsShorterThanItsTimeoutInterruptsIt() {
        start(LIMIT, signal -> {
            try {
                new CountDownLatch(1).await();
            } finally {
                said.add("interrupted");
            }
        });
        steps.release(ReleaseStage.WORKERS, () -> Duration.ofMillis(300));
        assertThat(steps.results().get(0).outcome()).isInstanceOf(ReleaseOutcome.TimedOut.class);
        awaitSaid("interrupted");
    }

    @Test
    void timeoutLongerThanAClockIsWaitedForToItsEnd() {
        start(Duration.ofSeconds(Long.MAX_VALUE / 2), this::untilTold);
        awaitSaid("begins");
        assertThat(release().released()).isTrue();
        assertThat(said).containsExactly("begins", "ends");
    }

    @Test
    void negativeTimeoutIsNone() {
        start(Duration.ofSeconds(Long.MIN_VALUE), signal -> theEnd.await());
        assertThat(release().outcome())
                .isInstanceOfSatisfying(ReleaseOutcome.Failed.class, failed -> assertThat(failed.cause())
                        .hasMessageStartingWith("cancelled: interrupted after 0 ms"));
    }

    /** One action throws an Error, one never returns: all other workers are told, and nobody waits who triggers. */
    @Test
    void eachWorkerIsToldWhateverAnothersActionsDo() {
        List<Worker> group = List.of(
                new Named(
                        "error",
                        LIMIT,
                        signal -> told(signal, () -> {
                            throw new AssertionError("of an action");
                        })),
                new Named("blocked", LIMIT, signal -> told(signal, this::awaitTheEnd)),
                new Named("third", LIMIT, this::untilTold));
        new Workers(group).start(new StartupEvent(), drain, steps);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(said).containsExactlyInAnyOrder("registered", "registered", "begins"));
        trigger(Trigger.SIGTERM);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(said).contains("told", "ends"));
    }

    private void told(DrainSignal signal, Runnable first) throws InterruptedException {
        signal.onCancelled(first);
        signal.onCancelled(() -> said.add("told"));
        said.add("registered");
        theEnd.await();
    }

    private void awaitTheEnd() {
        try {
            theEnd.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
