package dev.lastcall.process;

import dev.lastcall.process.ProcessConfig.Restart;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether and when an exited program is started again. Not thread-safe. */
final class Restarts {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** Ready for this long is a success: what comes after it is a new trouble. */
    private static final Duration STABLE = Duration.ofMinutes(1);

    private final Restart policy;
    private final int most;
    private final Duration delay;
    private int inARow;
    private Duration next;

    Restarts(Restart policy, int most, Duration delay) {
        this.policy = policy;
        this.most = most;
        this.delay = delay;
        next = delay;
    }

    /**
     * The pause before the next start; null where there is none.
     *
     * @param ran how long the program had been ready
     */
    @Nullable
    Duration after(int exitCode, Duration ran) {
        if (ran.compareTo(STABLE) >= 0) {
            inARow = 0;
            next = delay;
        }
        boolean wanted = policy == Restart.ALWAYS || (policy == Restart.ON_FAILURE && exitCode != 0);
        if (!wanted || inARow >= most) {
            return null;
        }
        inARow++;
        Duration pause = next;
        Duration doubled = pause.multipliedBy(2);
        Duration longest = delay.compareTo(LONGEST_PAUSE) > 0 ? delay : LONGEST_PAUSE;
        next = doubled.compareTo(longest) < 0 ? doubled : longest;
        return pause;
    }
}
