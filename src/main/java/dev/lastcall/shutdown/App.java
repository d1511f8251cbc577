package dev.lastcall.shutdown;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.time.Duration;

/** Runs until the release has begun; the exit code is the report's. */
public final class App implements QuarkusApplication {
    private static final int FAILED = 1;
    private static final Duration LAST_LINES = Duration.ofMillis(800);

    @Override
    public int run(String... args) {
        Quarkus.waitForExit();
        return 0;
    }

    /**
     * Starts the service, and ends the process with the exit code of the drain's report.
     *
     * @param args given to Quarkus
     */
    public static void start(String... args) {
        Signals.own();
        Quarkus.run(App.class, App::ended, args);
    }

    /** Called by Quarkus after everything has stopped, or after a start that failed. */
    private static void ended(int code, Throwable failure) {
        // A live reload, or a start that the next change may mend.
        boolean goesOn = LaunchMode.current() == LaunchMode.DEVELOPMENT && !Exit.hasBegun();
        if (failure != null) {
            if (!goesOn) {
                StartFailure.print(failure, FAILED);
            }
            Signals.releaseUnfinishedStart();
        }
        if (!goesOn) {
            LogQueue.flush(LAST_LINES);
            System.exit(failure == null ? Exit.code(code) : FAILED);
        }
    }
}
