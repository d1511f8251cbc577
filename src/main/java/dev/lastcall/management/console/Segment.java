package dev.lastcall.management.console;

import java.time.Duration;

/**
 * A piece of the budget's picture.
 *
 * @param stage its state's key, or {@code exit-margin}
 * @param from since the first trigger
 * @param past whether it has been, and is not only planned
 */
record Segment(String stage, Duration from, Duration to, boolean past) {
    boolean isEmpty() {
        return to.compareTo(from) <= 0;
    }
}
