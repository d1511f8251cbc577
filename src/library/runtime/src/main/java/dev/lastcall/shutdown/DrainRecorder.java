package dev.lastcall.shutdown;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownContext;
import io.quarkus.runtime.annotations.Recorder;

/** The steps that the extension adds to the start of the application. */
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
