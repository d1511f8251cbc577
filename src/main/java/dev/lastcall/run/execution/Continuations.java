package dev.lastcall.run.execution;

import dev.lastcall.model.Model;
import dev.lastcall.model.ModelRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether an answer that broke off is continued, and after which wait. Each continuation costs the whole prompt again: those
 * without progress are counted and bounded by {@link Model#continuationDelay}. Confined to its execution's monitor.
 */
final class Continuations {
    /** Pieces of text: an upstream that says fewer before it breaks is not about to finish. */
    private static final int PROGRESS = 64;

    private long saidBefore;
    private int inARow;

    /** The model is about to be asked. */
    void asking(long said) {
        saidBefore = said;
    }

    /**
     * The answer broke off.
     *
     * @param said pieces of text of the run so far
     * @return the wait; empty: the run fails
     */
    Optional<Duration> next(long said, ModelRequest request, Model model) {
        long fresh = said - saidBefore;
        if (fresh <= 0) {
            // Before the first token the model's client has asked again itself.
            return Optional.empty();
        }
        inARow = fresh >= PROGRESS ? 0 : inARow;
        return model.continuationDelay(request, inARow++);
    }
}
