package dev.lastcall.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;

/** Answers requests, piece by piece. Thread-safe. */
public interface Model {
    /** The names that clients may list; {@link ModelRequest#model()} may be another one. */
    default List<String> names() {
        return List.of();
    }

    /** Whether requests may name this model. */
    default boolean knows(String name) {
        return true;
    }

    /** Whether a model of this name may give log probabilities. */
    default boolean givesLogprobs(String name) {
        return false;
    }

    /** The model for requests that name none; empty: the upstream decides. */
    default Optional<String> preferred() {
        return Optional.empty();
    }

    /**
     * Returns how an interrupted answer to this request is continued, which decides what {@link ModelRequest#continuation()} is used for.
     */
    Strategy strategy(ModelRequest request);

    /**
     * The wait before an answer that broke off is continued, jittered; empty: it is not continued any more.
     *
     * @param before how often in a row it was continued already and broke off again without progress
     */
    default Optional<Duration> continuationDelay(ModelRequest request, int before) {
        return Optional.empty();
    }

    /**
     * The answer, for one subscriber; the work starts with the subscription: any number of {@link ModelEvent.Text} and
     * {@link ModelEvent.ToolCall}, one {@link ModelEvent.Finish}, completion. No event comes that was not requested, so that a slow reader
     * holds the model back instead of filling memory, and cancelling stops the work behind the answer.
     *
     * @return never blocks the subscriber's thread; ends with a {@link ModelFailure} where the model fails
     */
    Flow.Publisher<ModelEvent> answer(ModelRequest request);
}
