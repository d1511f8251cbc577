package dev.lastcall.openai;

import dev.lastcall.run.RunHead;
import dev.lastcall.run.event.ResponseId;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The run and the event after which a client resumes.
 *
 * @param after the last seq that it has; -1: none
 */
record ListCursor(UUID run, int after) {
    private static final String LAST_EVENT_ID = "last-event-id";
    private static final String RUN_ID = "x-run-id";

    /** The run of {@code resp_…}, {@code chatcmpl-…} or a bare UUID. */
    static UUID run(String id, Supplier<ApiError> unknown) {
        if (id.length() == 36) {
            try {
                return UUID.fromString(id);
            } catch (IllegalArgumentException e) {
                throw unknown.get();
            }
        }
        return ResponseId.parse(id).orElseThrow(unknown);
    }

    /** Reads the cursor from the headers of a resuming client; null: there is none. */
    static @Nullable ListCursor resumption(Call call) {
        String run = call.header(RUN_ID);
        String last = call.header(LAST_EVENT_ID);
        return run == null || last == null
                ? null
                : new ListCursor(run(run, () -> ApiError.responseNotFound(run)), number(LAST_EVENT_ID, last));
    }

    /** @throws ApiError where the run has no such event, so that the client would wait for events that it never gets */
    void check(RunHead run) {
        if (after > run.last()) {
            throw ApiError.invalid(
                    "starting_after",
                    "starting_after: " + after + " (expected: the sequence_number of an event of this run, at most "
                            + run.last() + ").");
        }
    }

    /** The larger one of {@code starting_after} and {@code Last-Event-ID}. */
    static int after(Call call) {
        return Math.max(
                number("starting_after", call.query("starting_after")),
                number(LAST_EVENT_ID, call.header(LAST_EVENT_ID)));
    }

    private static int number(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return -1;
        }
        try {
            return Math.max(-1, Integer.parseInt(value.strip()));
        } catch (NumberFormatException e) {
            throw ApiError.invalid(
                    name, name + ": no number (expected: the sequence_number of the last event you have).");
        }
    }
}
