package dev.lastcall.shutdown;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownContext;
import io.quarkus.runtime.annotations.Recorder;

/** What the extension adds to the application's start. */
@Recorder
public class DrainRecorder {
    /** Lets the report decide the exit code, once Quarkus has stopped everything. */
    public void decideExitCode(ShutdownContext shutdown) {
        shutdown.addLastShutdownTask(() -> {
            if (LaunchMode.current() == LaunchMode.NORMAL) {
                ReportedExit.enforce();
            }
        });
    }
}
