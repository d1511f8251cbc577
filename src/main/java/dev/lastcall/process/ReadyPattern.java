package dev.lastcall.process;

import dev.lastcall.drain.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Looks for a program's ready-pattern in what it says: in whole lines, with and without their colours, and in a line that was begun and not
 * gone on with for a while, as a prompt is. Thread-safe.
 */
final class ReadyPattern {
    /** A writer may flush in the middle of a line: what follows at once belongs to it. */
    private static final Duration QUIET = Duration.ofMillis(200);

    private final Pattern pattern;
    private final Time time;
    private final CompletableFuture<Void> found = new CompletableFuture<>();
    // Guarded by this.
    private Time.Alarm pending = () -> {};

    ReadyPattern(Pattern pattern, Time time) {
        this.pattern = pattern;
        this.time = time;
    }

    /** Completed when it was found. */
    CompletableFuture<Void> found() {
        return found;
    }

    void line(String line) {
        if (!found.isDone()
                && (pattern.matcher(line).find()
                        || pattern.matcher(TerminalText.plain(line)).find())) {
            found.complete(null);
        }
    }

    /** Something was said of a line that has not ended. */
    synchronized void unfinished(Output output) {
        if (found.isDone()) {
            return;
        }
        pending.cancel();
        String said = output.beginning();
        pending = time.schedule(QUIET, () -> {
            if (said.equals(output.beginning())) {
                line(said);
            }
        });
    }
}
