package dev.lastcall.process;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The way in which a program is asked to end.
 *
 * @param wholeTree whether all processes are asked that live when the stop begins, instead of the main process alone
 * @param second sent again to those who were asked and live on
 * @param secondAfter from the first signal to the second
 * @param timeout from the first signal to the KILL
 */
record StopPlan(
        UnixSignal signal, boolean wholeTree, Optional<UnixSignal> second, Duration secondAfter, Duration timeout) {
    private static final List<String> ALLOWED =
            List.of("TERM", "INT", "QUIT", "HUP", "ABRT", "USR1", "USR2", "WINCH", "KILL");

    /**
     * Reads the settings.
     *
     * @throws IllegalArgumentException naming the key behind the program's, its value and what was expected
     */
    static StopPlan of(ProcessConfig.Settings settings) {
        Duration timeout = settings.stopTimeout();
        Optional<UnixSignal> second = settings.secondSignal().map(text -> signal("second-signal", text));
        return new StopPlan(
                signal("stop-signal", settings.stopSignal()),
                settings.stopScope() == ProcessConfig.Scope.TREE,
                second,
                settings.secondSignalAfter().orElse(timeout.dividedBy(2)),
                timeout);
    }

    private static UnixSignal signal(String key, String text) {
        try {
            return UnixSignal.of(text, ALLOWED);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    /** The same with no more than this time until the KILL. */
    StopPlan within(Duration limit) {
        return limit.compareTo(timeout) >= 0 ? this : new StopPlan(signal, wholeTree, second, secondAfter, limit);
    }
}
