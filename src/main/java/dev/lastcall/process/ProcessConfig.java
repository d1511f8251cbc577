package dev.lastcall.process;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The programs that are started with this process and stopped after its drain, by name. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.process")
interface ProcessConfig {
    /** All are started at once, and stopped at once. */
    @WithParentName
    Map<String, Settings> programs();

    /** One program. */
    interface Settings {
        /**
         * The program and its arguments, separated by blanks; quotes keep blanks together. No shell reads it: where one is wanted, say
         * {@code sh -c "exec …"}, since a shell that stays passes no signal on.
         */
        String command();

        /** Environment variables besides this process' own. */
        Map<String, String> env();

        /** Where it runs; unset: where this process does. */
        Optional<Path> workingDir();

        /**
         * A regular expression: the program is ready once it is found in a line of the output. Lines of more than 8192 characters are
         * looked at in parts. Without it and {@code ready-url} a program is ready as soon as it runs.
         */
        Optional<String> readyPattern();

        /** Ready once a GET of this is answered with 200 to 399, asked four times a second. Together with {@code ready-pattern}: after it. */
        Optional<URI> readyUrl();

        /** A program that is not ready by then fails the start, or counts as crashed where it was a restart. A slow one delays the start. */
        @WithDefault("15s")
        Duration readyTimeout();

        /**
         * From SIGTERM until what is left of the program and its descendants gets SIGKILL. Cut by what is left of the drain's budget: with
         * the default {@code lastcall.drain.release-reserve} a late drain leaves it 4 s, so raise that together with the grace period.
         */
        @WithDefault("10s")
        Duration stopTimeout();

        /** What follows when it exits by itself: {@code never} drains and exits with its code; {@code on-failure} does so for code 0 alone. */
        @WithDefault("never")
        Restart restart();

        /** Restarts in a row before its exit ends this process; a minute of running starts the count anew. */
        @WithDefault("5")
        int maxRestarts();

        /** The pause before the first restart; doubled for each further one, up to 30 s. */
        @WithDefault("1s")
        Duration restartDelay();
    }

    /** Whether an exited program is started again. */
    enum Restart {
        NEVER,
        ON_FAILURE,
        ALWAYS
    }
}
