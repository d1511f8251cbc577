package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Gone;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.tail.RecordedEvents;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeEventSubscriptionTest {
    private final UUID run = RunId.at(1);
    private final ManualTail tail = new ManualTail();
    private final ManualSignal signal = new ManualSignal();
    private final AtomicInteger stops = new AtomicInteger();

    @Test
    void tokensAreNumberedFromZeroAndTheEndCompletes() {
        RecordedEvents<RunEvent> heard = tell(-1, true, 9);

        tail.other();
        tail.tokens("a ");
        tail.other();
        tail.tokens("b");
        completed();

        assertThat(heard.events)
                .containsExactly(
                        new RunEvent.Token(1, 0, "\"a \""),
                        new RunEvent.Token(3, 1, "\"b\""),
                        end(4, EndReason.COMPLETED, 1L, null, null));
        assertThat(heard.completions).isOne();
        assertThat(signal.listeners()).isZero();
        assertThat(stops).hasValue(0);
    }

    /** Events that are no tokens are requested again, or a follower with few requests would starve. */
    @Test
    void logIsAskedForAsManyEventsAsTheFollowerGetsTokens() {
        tell(-1, true, 3);
        assertThat(tail.requested).isEqualTo(3);

        tail.other();
        tail.tokens("a");

        assertThat(tail.requested).isEqualTo(4);
    }

    @Test
    void cancelledSubscriptionNamesTheResumePointAndLeavesTheRunRunning() {
        RecordedEvents<RunEvent> heard = tell(-1, true, 9);
        tail.other();
        tail.tokens("a");

        signal.tell();
        tail.tokens("late");
        completed();
        signal.leave();

        assertThat(heard.events)
                .containsExactly(
                        new RunEvent.Token(1, 0, "\"a\""),
                        end(1, EndReason.SHUTDOWN, 0L, "/agent/runs/" + run + "/events?after=1", null));
        assertThat(heard.completions).isOne();
        assertThat(tail.cancels).isOne();
        assertThat(stops).hasValue(0);
    }

    @Test
    void withoutADurableLogACancelledSubscriptionStopsItsRun() {
        RecordedEvents<RunEvent> heard = tell(-1, false, 9);
        tail.tokens("a");

        signal.tell();

        assertThat(heard.last()).isEqualTo(end(0, EndReason.SHUTDOWN, 0L, null, null));
        assertThat(stops).hasValue(1);
    }

    @Test
    void withoutADurableLogTheRunOfAClientThatIsGoneIsCancelled() {
        RecordedEvents<RunEvent> heard = tell(-1, false, 9);

        signal.leave();

        assertThat(heard.events).containsExactly(end(-1, EndReason.CANCELLED, null, null, null));
        assertThat(stops).hasValue(1);
    }

    @Test
    void subscriptionCancelledBeforeItBeginsReadsNothing() {
        signal.tell();

        RecordedEvents<RunEvent> heard = tell(7, true, 9);

        assertThat(heard.events)
                .containsExactly(end(7, EndReason.SHUTDOWN, null, "/agent/runs/" + run + "/events?after=7", null));
        assertThat(tail.requested).isZero();
        assertThat(tail.cancels).isOne();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            COMPLETED  | completed  | -                 | COMPLETED | -
            INCOMPLETE | incomplete | max_output_tokens | COMPLETED | cut short: max_output_tokens
            INCOMPLETE | cancelled  | -                 | CANCELLED | -
            FAILED     | failed     | too much          | FAILED    | too much
            """)
    void eachEndOfTheLogIsOneOfTheWire(
            EventType type, String status, @Nullable String why, EndReason reason, @Nullable String detail) {
        RecordedEvents<RunEvent> heard = tell(-1, true, 9);
        JsonObject response = new JsonObject().put("status", status);
        if (why != null) {
            response.put("error", new JsonObject().put("message", why));
            response.put("incomplete_details", new JsonObject().put("reason", why));
        }

        tail.end(type, response);

        assertThat(heard.events).containsExactly(end(0, reason, null, null, detail));
        assertThat(heard.completions).isOne();
    }

    @Test
    void runThatIsNotInTheLogAnyMoreHasFailed() {
        RecordedEvents<RunEvent> heard = tell(-1, true, 9);

        tail.listener().onError(new Gone("gone"));

        assertThat(heard.last())
                .isEqualTo(end(
                        -1, EndReason.FAILED, null, null, "the run is not in the log any more; send the input again"));
    }

    @Test
    void clientThatHasTheEndGetsNoSecondOne() {
        RecordedEvents<RunEvent> heard = tell(9, true, 9);

        tail.listener().onComplete();
        signal.tell();

        assertThat(heard.events).isEmpty();
        assertThat(heard.completions).isOne();
        assertThat(signal.listeners()).isZero();
    }

    @Test
    void endFollowsATokenUnderDelivery() {
        RecordedEvents<RunEvent> heard = new RecordedEvents<>(9);
        heard.onEvent = signal::tell;
        start(heard, -1, true);

        tail.tokens("a");

        assertThat(heard.events)
                .containsExactly(
                        new RunEvent.Token(0, 0, "\"a\""),
                        end(0, EndReason.SHUTDOWN, 0L, "/agent/runs/" + run + "/events?after=0", null));
        assertThat(heard.overlaps).hasValue(0);
    }

    @Test
    void endWaitsForARequestButTheLogIsLeftAtOnce() {
        RecordedEvents<RunEvent> heard = tell(-1, true, 1);
        tail.tokens("a");

        signal.tell();
        assertThat(heard.events).hasSize(1);
        assertThat(tail.cancels).isOne();

        heard.request(1);
        heard.request(1);
        assertThat(heard.events).hasSize(2);
        assertThat(heard.completions).isOne();
    }

    @Test
    void cancelledFollowerGetsNoMoreEvents() {
        RecordedEvents<RunEvent> heard = tell(-1, false, 9);

        heard.cancel();
        tail.tokens("late");
        signal.tell();

        assertThat(heard.events).isEmpty();
        assertThat(tail.cancels).isOne();
        assertThat(stops).hasValue(1);
        assertThat(signal.listeners()).isZero();
    }

    @Test
    void wordsOfTheWire() {
        String resume = "/agent/runs/r/events?after=9";
        assertThat(new RunEvent.End(9, "r", EndReason.SHUTDOWN, 4L, resume, null).json())
                .isEqualTo("{\"type\":\"end\",\"reason\":\"shutdown\",\"run\":\"r\",\"last\":4,\"resume\":\"" + resume
                        + "\"}");
        assertThat(new RunEvent.End(9, "r", EndReason.SHUTDOWN, 4L, null, null).json())
                .isEqualTo("{\"type\":\"end\",\"reason\":\"shutdown\",\"run\":\"r\",\"last\":4,\"resume\":null}");
        assertThat(new RunEvent.End(9, "r", EndReason.COMPLETED, null, null, null).json())
                .isEqualTo("{\"type\":\"end\",\"reason\":\"completed\",\"run\":\"r\",\"last\":null}");
        assertThat(new RunEvent.Token(4, 0, "\"1 \"").json()).isEqualTo("{\"type\":\"token\",\"n\":0,\"text\":\"1 \"}");
    }

    /** Tokens, the run's end, told, left and the follower's requests at once: always one end, after its last token, on one thread at a time. */
    @Test
    void endsExactlyOnceUnderRaces() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 2000; round++) {
                race(threads, round % 2 == 0);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void race(ExecutorService threads, boolean leaves) throws Exception {
        ManualTail tail = new ManualTail();
        ManualSignal signal = new ManualSignal();
        RecordedEvents<RunEvent> heard = new RecordedEvents<>(3);
        new NativeEventSubscription(RunId.at(1), -1, heard, new NativeEventSubscription.Client(true, () -> {}))
                .start(tail, signal);
        CyclicBarrier start = new CyclicBarrier(4);

        List<Future<?>> racers = List.of(
                threads.submit(() -> at(start, () -> {
                    tail.tokens("a", "b");
                    tail.end(EventType.COMPLETED, new JsonObject());
                })),
                threads.submit(() -> at(start, signal::tell)),
                threads.submit(() -> at(start, leaves ? signal::leave : () -> {})),
                threads.submit(() -> at(start, () -> heard.request(1))));
        for (Future<?> racer : racers) {
            racer.get(60, TimeUnit.SECONDS);
        }

        assertThat(heard.overlaps).hasValue(0);
        assertThat(heard.completions).isOne();
        int tokens = heard.events.size() - 1;
        assertThat(heard.last()).isInstanceOfSatisfying(RunEvent.End.class, end -> {
            assertThat(end.last()).isEqualTo(tokens == 0 ? null : tokens - 1L);
            if (end.reason() == EndReason.SHUTDOWN) {
                assertThat(end.resume()).endsWith("after=" + (tokens - 1));
            }
        });
        assertThat(heard.events.stream().filter(RunEvent.End.class::isInstance)).hasSize(1);
    }

    private static Void at(CyclicBarrier start, Runnable action) throws Exception {
        start.await(60, TimeUnit.SECONDS);
        action.run();
        return null;
    }

    private RecordedEvents<RunEvent> tell(int after, boolean resumes, long requests) {
        RecordedEvents<RunEvent> heard = new RecordedEvents<>(requests);
        start(heard, after, resumes);
        return heard;
    }

    private void start(RecordedEvents<RunEvent> heard, int after, boolean resumes) {
        new NativeEventSubscription(
                        run, after, heard, new NativeEventSubscription.Client(resumes, stops::incrementAndGet))
                .start(tail, signal);
    }

    private void completed() {
        tail.end(EventType.COMPLETED, new JsonObject().put("status", "completed"));
    }

    private RunEvent.End end(
            int seq, EndReason reason, @Nullable Long last, @Nullable String resume, @Nullable String detail) {
        return new RunEvent.End(seq, run.toString(), reason, last, resume, detail);
    }
}
