package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunTest {
    private final HandModel model = new HandModel();
    private final HandSignal signal = new HandSignal();
    private final Run run = new Run("r", model, "input", signal);

    @Test
    void tokensAreNumberedFromZeroAndTheEndCompletes() {
        Follower follower = follow(9);

        model.say("a ");
        model.say("b");
        model.listener().onComplete();

        assertThat(follower.events)
                .containsExactly(new RunEvent.Token(0, "a "), new RunEvent.Token(1, "b"), end(EndReason.COMPLETED, 1L));
        assertThat(follower.completions).isOne();
        assertThat(signal.listeners()).isZero();
    }

    @Test
    void toldRunEndsWithShutdownAndStopsTheModel() {
        Follower follower = follow(9);
        model.say("a");

        signal.tell();
        model.say("late");
        model.listener().onComplete();
        signal.leave();

        assertThat(follower.events).containsExactly(new RunEvent.Token(0, "a"), end(EndReason.SHUTDOWN, 0L));
        assertThat(model.cancels).isOne();
        assertThat(follower.completions).isOne();
    }

    @Test
    void runWhoseClientIsGoneIsCancelled() {
        Follower follower = follow(9);

        signal.leave();

        assertThat(follower.events).containsExactly(end(EndReason.CANCELLED, null));
        assertThat(model.cancels).isOne();
    }

    @Test
    void failedModelEndsTheRunWithoutItsMessage() {
        Follower follower = follow(9);

        model.listener().onError(new IllegalStateException("key sk-1234 refused"));

        assertThat(follower.last())
                .isEqualTo(new RunEvent.End("r", EndReason.FAILED, null, "the model failed; send the input again"));
    }

    @Test
    void modelThatThrowsWhenAskedIsAFailedRun() {
        Follower follower = new Follower(9);

        new Course("r", follower)
                .start(
                        () -> {
                            throw new IllegalStateException("no model");
                        },
                        signal);

        assertThat(follower.last()).isInstanceOfSatisfying(RunEvent.End.class, end -> assertThat(end.reason())
                .isEqualTo(EndReason.FAILED));
        assertThat(signal.listeners()).isZero();
    }

    @Test
    void runToldBeforeItStartsNeverAsksTheModel() {
        signal.tell();

        Follower follower = follow(9);

        assertThat(model.listener).isNull();
        assertThat(follower.events).containsExactly(end(EndReason.SHUTDOWN, null));
    }

    @Test
    void modelThatAnswersAfterTheEndIsCancelled() {
        Course course = new Course("r", new Follower(9));
        course.start(() -> asked -> {}, signal);
        signal.tell();

        course.onSubscribe(model);

        assertThat(model.cancels).isOne();
        assertThat(model.requested).isZero();
    }

    @Test
    void toldWhileATokenIsDeliveredTheEndComesAfterIt() {
        Follower follower = new Follower(9);
        follower.onToken = signal::tell;
        run.subscribe(follower);

        model.say("a");

        assertThat(follower.events).containsExactly(new RunEvent.Token(0, "a"), end(EndReason.SHUTDOWN, 0L));
        assertThat(follower.overlaps).hasValue(0);
    }

    @Test
    void endWaitsForARequestButTheModelStopsAtOnce() {
        Follower follower = follow(1);
        model.say("a");

        signal.tell();
        assertThat(follower.events).hasSize(1);
        assertThat(model.cancels).isOne();

        follower.run.request(1);
        follower.run.request(1);
        assertThat(follower.events).containsExactly(new RunEvent.Token(0, "a"), end(EndReason.SHUTDOWN, 0L));
        assertThat(follower.completions).isOne();
    }

    @Test
    void modelIsAskedForNoMoreThanTheFollowerRequested() {
        Follower follower = follow(3);
        assertThat(model.requested).isEqualTo(3);

        follower.run.request(2);

        assertThat(model.requested).isEqualTo(5);
    }

    @Test
    void followerThatCancelsHearsNothingMore() {
        Follower follower = follow(9);

        follower.run.cancel();
        model.say("late");
        signal.tell();

        assertThat(follower.events).isEmpty();
        assertThat(model.cancels).isOne();
        assertThat(signal.listeners()).isZero();
    }

    @Test
    void secondFollowerIsRefused() {
        follow(1);

        assertThatThrownBy(() -> run.subscribe(new Follower(1)))
                .hasMessage("run r is followed already (expected: one follower)");
    }

    @Test
    void shutdownSaysWhereItStoppedAndThatNothingCanBeResumed() {
        assertThat(end(EndReason.SHUTDOWN, 4L).json())
                .isEqualTo("{\"type\":\"end\",\"reason\":\"shutdown\",\"run\":\"r\",\"last\":4,\"resume\":null}");
        assertThat(end(EndReason.COMPLETED, null).json())
                .isEqualTo("{\"type\":\"end\",\"reason\":\"completed\",\"run\":\"r\",\"last\":null}");
        assertThat(new RunEvent.Token(0, "1 ").json()).isEqualTo("{\"type\":\"token\",\"n\":0,\"text\":\"1 \"}");
    }

    /** Token, completion, told, left and the follower's requests at once: always one end, after its last token, on one thread at a time. */
    @Test
    void endsExactlyOnceWhoeverRaces() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 3000; round++) {
                race(threads, round % 2 == 0);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void race(ExecutorService threads, boolean leaves) throws Exception {
        HandModel model = new HandModel();
        HandSignal signal = new HandSignal();
        Follower follower = new Follower(3);
        new Run("r", model, "input", signal).subscribe(follower);
        CyclicBarrier start = new CyclicBarrier(4);

        List<Future<?>> racers = List.of(
                threads.submit(() -> at(start, () -> speak(model))),
                threads.submit(() -> at(start, signal::tell)),
                threads.submit(() -> at(start, leaves ? signal::leave : () -> {})),
                threads.submit(() -> at(start, () -> follower.run.request(1))));
        for (Future<?> racer : racers) {
            racer.get(10, TimeUnit.SECONDS);
        }

        assertThat(follower.overlaps).hasValue(0);
        assertThat(follower.completions).isOne();
        long tokens = follower.events.size() - 1L;
        assertThat(follower.last()).isInstanceOfSatisfying(RunEvent.End.class, end -> assertThat(end.last())
                .isEqualTo(tokens == 0 ? null : tokens - 1));
        assertThat(follower.events.stream().filter(RunEvent.End.class::isInstance))
                .hasSize(1);
    }

    private static void speak(HandModel model) {
        model.say("a");
        model.say("b");
        model.listener().onComplete();
    }

    private static Void at(CyclicBarrier start, Runnable action) throws Exception {
        start.await(10, TimeUnit.SECONDS);
        action.run();
        return null;
    }

    private Follower follow(long requests) {
        Follower follower = new Follower(requests);
        run.subscribe(follower);
        return follower;
    }

    private static RunEvent.End end(EndReason reason, @Nullable Long last) {
        return new RunEvent.End("r", reason, last, null);
    }
}
