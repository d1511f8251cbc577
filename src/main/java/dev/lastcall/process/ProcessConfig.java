package dev.lastcall.process;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The programs that are started with this process and stopped after its drain, by name. */
@ConfigMapping(prefix = "lastcall.process")
interface ProcessConfig {
    /** In the order of their names; all are started at once. */
    @WithParentName
    Map<String, Program> programs();

    /** One program. */
    interface Program {
        /**
         * The program and its arguments, separated by blanks; quotes keep blanks together. No shell reads it, so that a signal reaches the
         * program itself: where a shell is wanted, say {@code sh -c "exec …"}.
         */
        String command();

        /** Environment variables besides this process' own. */
        Map<String, String> env();

        /** Where it runs; unset: where this process does. */
        Optional<Path> workingDir();

        /** A regular expression: the program is ready once a line of its output contains it. Without it and {@code ready-url}: at once. */
        Optional<String> readyPattern();

        /** Ready once a GET of this is answered with 200 to 399, asked four times a second. Together with {@code ready-pattern}: after that. */
        Optional<URI> readyUrl();

        /** The start fails where the program is not ready by then. A slow program delays the whole start. */
        @WithDefault("15s")
        Duration readyTimeout();

        /**
         * From SIGTERM until what is left of the program and its children gets SIGKILL. The release of the drain is shorter where
         * {@code lastcall.drain.release-reserve} is: raise both.
         */
        @WithDefault("10s")
        Duration stopTimeout();

        /** What happens when it exits by itself: {@code never} drains and exits with its code; {@code on-failure} does that for code 0 alone. */
        @WithDefault("never")
        Restart restart();

        /** Restarts in a row, each after a longer pause (1 s to 30 s), before its exit ends this process; a minute of running starts the count anew. */
        @WithDefault("5")
        int maxRestarts();
    }

    /** Whether an exited program is started again. */
    enum Restart {
        NEVER,
        ON_FAILURE,
        ALWAYS
    }
}
