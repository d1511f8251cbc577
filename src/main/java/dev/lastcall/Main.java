package dev.lastcall;

import dev.lastcall.shutdown.App;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The process' entry point. */
@QuarkusMain
public final class Main {
    Main() {}

    /** Runs the service until it is told to stop; the exit code tells whether anything was lost. */
    public static void main(String... args) {
        App.start(args);
    }
}
