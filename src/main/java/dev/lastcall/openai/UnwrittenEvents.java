package dev.lastcall.openai;

import dev.lastcall.run.event.LoggedEvent;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The events of a stream that have come and are not written yet, as text. They are held until they are released, or until the first one that
 * says more than "begun", which may be answered with an error instead. Events come on any thread. Thread-safe.
 */
final class UnwrittenEvents {
    private final Projection projection;
    private final Function<LoggedEvent, @Nullable ApiError> refusal;
    private final StringBuilder text = new StringBuilder();
    private int events;
    private boolean flushing;
    private boolean last;
    private boolean broken;
    private boolean released;
    private @Nullable ApiError refused;

    /** @param refusal of a first event that is answered with an error and no stream; null: it is a stream */
    UnwrittenEvents(Projection projection, Function<LoggedEvent, @Nullable ApiError> refusal) {
        this.projection = projection;
        this.refusal = refusal;
    }

    /**
     * The events that are to be written now.
     *
     * @param last whether it is the end of the stream
     * @param broken whether nothing follows it, although it is not the end
     * @param refused the answer instead of a stream
     */
    record Batch(
            String text,
            int events,
            boolean last,
            boolean broken,
            @Nullable ApiError refused) {}

    synchronized void add(LoggedEvent event) {
        if (!released && !isBeginning(event)) {
            refused = refusal.apply(event);
            released = refused == null;
        }
        projection.write(event, text);
        events++;
        last |= event.type().isTerminal();
    }

    private static boolean isBeginning(LoggedEvent event) {
        return switch (event.type()) {
            case CREATED, QUEUED, IN_PROGRESS -> true;
            default -> false;
        };
    }

    /** Holds them no longer, unless they are refused. */
    synchronized void release() {
        released |= refused == null;
    }

    /** No event follows: the run has ended, which the client may have been told before. */
    synchronized void end() {
        last = true;
    }

    /** No event follows, although the run has not ended. */
    synchronized void fail() {
        broken = true;
    }

    /** Whether the caller must have them written: false where somebody else is about to. */
    synchronized boolean claimFlush() {
        boolean first = !flushing;
        flushing = true;
        return first;
    }

    /** Takes them; null where they are held. */
    synchronized @Nullable Batch take() {
        flushing = false;
        if (!released && refused == null && !broken) {
            return null;
        }
        Batch batch = new Batch(text.toString(), events, last, broken, refused);
        text.setLength(0);
        events = 0;
        return batch;
    }
}
