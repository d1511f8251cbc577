package dev.lastcall.process;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import io.smallrye.config.WithParentName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        /** The same in one line; either this or the list. */
        Optional<String> command();

        /**
         * The program and its arguments, separated by blanks. Quotes and backslashes are read as a shell reads them, and nothing else: where a shell
         * is wanted, say {@code sh -c "exec …"}, since a shell that stays passes no signal on. Or the same word by word, {@code command[0]},
         * {@code command[1]} and so on: no quotes are needed. {@code $$} is a dollar sign, <code>${…}</code> the value of another key.
         */
        @WithName("command")
        Optional<List<String>> commandWords();

        /** Environment variables besides this process' own, by name; an empty value is a value. */
        @Format(Form.ANYTHING)
        Map<String, @WithConverter(VariableValue.AsIs.class) VariableValue> env();

        /** The same as a list, {@code NAME=value,OTHER=value}, in which each name keeps its case; a comma within a value is {@code \,}. */
        @WithName("env")
        @Format(Form.VARIABLE)
        Optional<List<String>> envList();

        /** The working directory; unset: that of this process. */
        Optional<Path> workingDir();

        /**
         * A regular expression: the program is ready once it is found in a line of the output, colours apart, or in a line that was begun
         * and not gone on with. Lines of more than 8192 characters are looked at in parts. Without it and {@code ready-url} a program is
         * ready as soon as it runs.
         */
        @Format(Form.PATTERN)
        Optional<String> readyPattern();

        /**
         * Ready once a GET of this is answered with 200 to 399, asked four times a second; redirects are not followed, and of a stream its
         * head is enough. Together with {@code ready-pattern}: after it.
         */
        Optional<URI> readyUrl();

        /** A program that is not ready by then fails the start, or counts as crashed where it was a restart. A slow one delays the start. */
        @WithDefault("15s")
        Duration readyTimeout();

        /** The signal that asks it to end: TERM, INT, QUIT, HUP, ABRT, USR1, USR2, WINCH or KILL. nginx ends its requests on QUIT alone. */
        @WithDefault("TERM")
        @Format(Form.SIGNAL)
        String stopSignal();

        /**
         * The processes that are asked: {@code root}, the main process, which ends its own workers; {@code tree}, all that live when the
         * stop begins. What is started in the stop is never asked. Whatever is left at {@code stop-timeout} gets SIGKILL.
         */
        @WithDefault("root")
        Scope stopScope();

        /** A signal for those who were asked and live on: a harsher one, before the SIGKILL. Unset: none. */
        @Format(Form.SIGNAL)
        Optional<String> secondSignal();

        /** The time from the first signal to the second; unset: half of {@code stop-timeout}. */
        Optional<Duration> secondSignalAfter();

        /**
         * The time from the signal until what is left of the program and its descendants gets SIGKILL. Cut by what is left of the drain's
         * budget: with the default {@code lastcall.drain.release-reserve} a late drain leaves it 4 s, so raise that together with the grace
         * period.
         */
        @WithDefault("10s")
        Duration stopTimeout();

        /** Signals to us that its main process gets: USR1, USR2, ALRM, WINCH, TTIN, TTOU. Those that no program wants are ignored. */
        @Format(Form.FORWARDED_SIGNAL)
        Optional<List<String>> forwardSignals();

        /**
         * The action when it exits by itself: {@code never} drains and exits with its code; {@code on-failure} does so for code 0 alone.
         */
        @WithDefault("never")
        Restart restart();

        /** Restarts in a row before its exit ends this process; a minute of being ready starts the count anew. */
        @WithDefault("5")
        @Range(min = "0", max = "1000000")
        int maxRestarts();

        /** The pause before the first restart; doubled for each further one, up to 30 s. */
        @WithDefault("1s")
        Duration restartDelay();
    }

    /** The processes that are asked to end. */
    enum Scope {
        ROOT,
        TREE
    }

    /** Whether an exited program is started again. */
    enum Restart {
        NEVER,
        ON_FAILURE,
        ALWAYS
    }
}
