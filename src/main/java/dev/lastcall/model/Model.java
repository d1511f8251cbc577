package dev.lastcall.model;

import java.util.concurrent.Flow;

/** Answers an input with text, token by token. Thread-safe. */
public interface Model {
    /**
     * The answer, for one subscriber; the work starts with the subscription. No token comes that was not requested, so that a slow reader
     * holds the model back instead of filling memory, and cancelling stops the work behind the answer.
     *
     * @return never blocks the subscriber's thread; ends with an error where the model fails
     */
    Flow.Publisher<String> answer(String input);
}
