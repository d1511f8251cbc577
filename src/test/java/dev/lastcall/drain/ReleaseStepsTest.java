package dev.lastcall.drain;

import static dev.lastcall.drain.ReleaseStage.APPLICATION;
import static dev.lastcall.drain.ReleaseStage.REDIS;
import static dev.lastcall.drain.ReleaseStage.RUNS;
import static dev.lastcall.drain.ReleaseStage.TELEMETRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReleaseStepsTest {
    private static final Duration AMPLE = Duration.ofSeconds(60);

    private final ReleaseSteps steps = new ReleaseSteps();
    private final List<String> order = new CopyOnWriteArrayList<>();

    private interface Body {
        void run() throws Exception;
    }

    private record Step(String name, ReleaseStage stage, Duration timeout, Body body) implements ReleaseStep {
        @Override
        public void release() throws Exception {
            body.run();
        }
    }

    private Step step(String name, ReleaseStage stage) {
        return new Step(name, stage, AMPLE, () -> order.add(name));
    }

    private static Step step(String name, Duration timeout, Body body) {
        return new Step(name, APPLICATION, timeout, body);
    }

    private void release(ReleaseStage stage) {
        steps.release(stage, () -> AMPLE);
    }

    /** A step that returns because a halt has killed its work: nothing was released by that, and it is told once. */
    @Test
    void stepThatOnlyEndsBecauseItWasAbandonedIsNotReleased() throws Exception {
        CountDownLatch under = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        steps.register(new ReleaseStep() {
            @Override
            public String name() {
                return "program";
            }

            @Override
            public ReleaseStage stage() {
                return APPLICATION;
            }

            @Override
            public void release() throws Exception {
                under.countDown();
                killed.await();
            }

            @Override
            public void abandon() {
                killed.countDown();
            }

            @Override
            public String detail() {
                return "signal=KILL";
            }
        });
        Thread releasing = new Thread(() -> release(APPLICATION));
        releasing.start();
        under.await();
        steps.abandon();
        releasing.join();
        assertThat(steps.results())
                .extracting(ReleaseResult::name, ReleaseResult::released, ReleaseResult::detail)
                .containsExactly(tuple("program", false, "signal=KILL"));
    }

    @Test
    void theLastRegisteredIsReleasedFirstWithinItsStage() {
        steps.register(step("first", APPLICATION));
        steps.register(step("redis", REDIS));
        steps.register(step("second", APPLICATION));
        release(APPLICATION);
        assertThat(order).containsExactly("second", "first");
        release(REDIS);
        assertThat(order).containsExactly("second", "first", "redis");
        assertThat(steps.results())
                .extracting(ReleaseResult::name, ReleaseResult::stage, ReleaseResult::released)
                .containsExactly(
                        tuple("second", APPLICATION, true),
                        tuple("first", APPLICATION, true),
                        tuple("redis", REDIS, true));
    }

    @Test
    void aStepThatThrowsHasFailedAndTheNextRuns() {
        steps.register(step("next", APPLICATION));
        Deliberate cause = new Deliberate();
        steps.register(step("bad", AMPLE, () -> {
            throw cause;
        }));
        release(APPLICATION);
        assertThat(order).containsExactly("next");
        assertThat(steps.results())
                .extracting(ReleaseResult::outcome)
                .containsExactly(new ReleaseOutcome.Failed(cause), new ReleaseOutcome.Released());
    }

    @Test
    void aStepThatHangsIsInterruptedAtItsTimeoutAndTheNextRuns() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        steps.register(step("next", APPLICATION));
        steps.register(step("hanging", Duration.ofMillis(300), () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        }));
        release(APPLICATION);
        assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(order).containsExactly("next");
        assertThat(steps.results())
                .extracting(ReleaseResult::outcome)
                .containsExactly(new ReleaseOutcome.TimedOut(), new ReleaseOutcome.Released());
        assertThat(steps.results().get(0).took()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void theBudgetCutsATimeoutShort() {
        CountDownLatch never = new CountDownLatch(1);
        steps.register(step("hanging", Duration.ofDays(1), never::await));
        steps.release(APPLICATION, () -> Duration.ofMillis(1));
        assertThat(steps.results()).extracting(ReleaseResult::outcome).containsExactly(new ReleaseOutcome.TimedOut());
    }

    @Test
    void aStepThatHasNoBudgetLeftIsNotBegun() {
        steps.register(step("late", APPLICATION));
        steps.release(APPLICATION, () -> Duration.ZERO);
        steps.release(APPLICATION, () -> Duration.ofSeconds(-1));
        assertThat(order).isEmpty();
        assertThat(steps.results())
                .extracting(ReleaseResult::outcome)
                .containsExactly(new ReleaseOutcome.TimedOut(), new ReleaseOutcome.TimedOut());
    }

    @Test
    void everyLaterStepKeepsItsTurnOfFiftyMilliseconds() {
        steps.register(step("last of the stage", APPLICATION));
        steps.register(step("first of the stage", Duration.ofDays(1), new CountDownLatch(1)::await));
        steps.register(step("redis", REDIS));
        steps.register(step("telemetry", TELEMETRY));
        steps.release(APPLICATION, () -> Duration.ofSeconds(1));
        assertThat(order).containsExactly("last of the stage");
        // Three later ones: the first gets what is left but 150 ms.
        assertThat(steps.results().get(0).took()).isBetween(Duration.ofMillis(850), Duration.ofSeconds(30));
        assertThat(steps.results()).extracting(ReleaseResult::released).containsExactly(false, true);
    }

    @Test
    void firstStepHasAtLeastHalfOfTheRemainingBudget() {
        for (int i = 0; i < 80; i++) {
            steps.register(step("application " + i, APPLICATION));
        }
        steps.register(step("lease", RUNS));
        steps.release(RUNS, () -> Duration.ofSeconds(4));
        assertThat(order).containsExactly("lease");
        steps.release(APPLICATION, () -> Duration.ofSeconds(4));
        assertThat(order).hasSize(81);
        assertThat(steps.results()).allMatch(ReleaseResult::released);
    }

    @Test
    void oneThatHangsTakesNoMoreThanHalfFromMany() {
        for (int i = 0; i < 80; i++) {
            steps.register(step("application " + i, APPLICATION));
        }
        steps.register(step("hanging", Duration.ofDays(1), new CountDownLatch(1)::await));
        long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        steps.release(APPLICATION, () -> Duration.ofNanos(end - System.nanoTime()));
        assertThat(steps.results().get(0).outcome()).isEqualTo(new ReleaseOutcome.TimedOut());
        assertThat(order).hasSize(80);
    }

    @Test
    void theBudgetIsAskedBeforeEachStep() {
        List<Duration> left = new CopyOnWriteArrayList<>(List.of(AMPLE, Duration.ZERO));
        steps.register(step("second", APPLICATION));
        steps.register(step("first", APPLICATION));
        steps.release(APPLICATION, () -> left.remove(0));
        assertThat(order).containsExactly("first");
    }

    @Test
    void aStepTakenBackIsNotReleased() {
        steps.register(step("stays", APPLICATION));
        DrainSignal.Registration registration = steps.register(step("goes", APPLICATION));
        registration.close();
        registration.close();
        release(APPLICATION);
        assertThat(order).containsExactly("stays");
    }

    @Test
    void takingARegistrationBackLeavesAnotherOfTheSameStep() {
        Step step = step("twice", APPLICATION);
        steps.register(step);
        DrainSignal.Registration second = steps.register(step);
        second.close();
        second.close();
        release(APPLICATION);
        assertThat(order).containsExactly("twice");
    }

    @Test
    void aStepThatCannotTellItsTimeoutHasFailedAndTheNextRuns() {
        steps.register(step("next", APPLICATION));
        steps.register(new Timeless());
        release(APPLICATION);
        assertThat(order).containsExactly("next");
        assertThat(steps.results().get(0).outcome()).isInstanceOf(ReleaseOutcome.Failed.class);
    }

    @Test
    void aStepThatCannotTellItsNameIsRefusedAtItsRegistration() {
        assertThatExceptionOfType(Deliberate.class).isThrownBy(() -> steps.register(new Nameless()));
    }

    @Test
    void anInterruptGivesUpTheStepUnderWayAndIsRestoredAfterTheOthers() {
        CountDownLatch never = new CountDownLatch(1);
        steps.register(step("next", APPLICATION));
        steps.register(step("hanging", AMPLE, never::await));
        Thread.currentThread().interrupt();
        release(APPLICATION);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(order).containsExactly("next");
        assertThat(steps.results()).extracting(ReleaseResult::released).containsExactly(false, true);
    }

    @Test
    void withoutAnInterruptNoneIsLeftBehind() {
        steps.register(step("one", APPLICATION));
        release(APPLICATION);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aStepRunsOnADaemonThreadThatBearsItsName() {
        steps.register(step("named", AMPLE, () -> {
            order.add(Thread.currentThread().getName());
            order.add("daemon " + Thread.currentThread().isDaemon());
        }));
        release(APPLICATION);
        assertThat(order).containsExactly("lastcall-release-named", "daemon true");
    }

    @Test
    void anApplicationsStepHasTwoSecondsUnlessItSaysOtherwise() {
        assertThat(new Nameless().timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(new Nameless().stage()).isEqualTo(APPLICATION);
    }

    private static final class Nameless implements ReleaseStep {
        @Override
        public String name() {
            throw new Deliberate();
        }

        @Override
        public void release() {}
    }

    private static final class Timeless implements ReleaseStep {
        @Override
        public String name() {
            return "timeless";
        }

        @Override
        public Duration timeout() {
            throw new Deliberate();
        }

        @Override
        public void release() {}
    }
}
