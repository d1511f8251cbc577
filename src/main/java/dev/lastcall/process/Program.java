package dev.lastcall.process;

import dev.lastcall.config.SecretMask;
import dev.lastcall.drain.ReadableDuration;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The validated settings of a program to supervise.
 *
 * @param name as in {@code lastcall.process.<name>}
 * @param command the program and its arguments
 * @param environment variables besides our own
 */
record Program(
        String name,
        List<String> command,
        Map<String, String> environment,
        Optional<Pattern> readyPattern,
        StopPlan stopPlan,
        ProcessConfig.Settings settings) {
    /** Far from where a clock in nanoseconds overflows. */
    private static final Duration LONGEST = Duration.ofDays(365);

    /** @throws ProgramStartFailure naming the key, its value and what was expected */
    static Program of(String name, ProcessConfig.Settings settings) {
        return of(name, settings, System.getenv());
    }

    /** Makes a program as {@link #of(String, ProcessConfig.Settings)} does, with the given environment as ours. */
    static Program of(String name, ProcessConfig.Settings settings, Map<String, String> ours) {
        String key = key(name);
        requireInRange(key, "ready-timeout", settings.readyTimeout());
        requireInRange(key, "stop-timeout", settings.stopTimeout());
        requireInRange(key, "restart-delay", settings.restartDelay());
        if (settings.maxRestarts() < 0) {
            throw wrong(key + ".max-restarts", settings.maxRestarts(), "0 or more");
        }
        named(key, () -> forwarded(settings));
        settings.secondSignalAfter().ifPresent(after -> requireInRange(key, "second-signal-after", after));
        settings.readyUrl().ifPresent(url -> requireHttp(key, url));
        settings.workingDir().ifPresent(directory -> requireDirectory(key, directory));
        return new Program(
                name,
                named(key, () -> words(settings)),
                named(key, () -> ProgramEnvironment.of(name, settings, ours)),
                settings.readyPattern().map(pattern -> compiled(key, pattern)),
                named(key, () -> StopPlan.of(settings)),
                settings);
    }

    private static String key(String name) {
        return "lastcall.process." + name;
    }

    String key() {
        return key(name);
    }

    /** Signals to us that it gets. */
    List<UnixSignal> forwardedSignals() {
        return forwarded(settings);
    }

    private static List<UnixSignal> forwarded(ProcessConfig.Settings settings) {
        try {
            return settings.forwardSignals().orElse(List.of()).stream()
                    .map(text -> UnixSignal.of(text, PassedOnSignals.ALLOWED))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("forward-signals: " + e.getMessage(), e);
        }
    }

    /** The command as it may be printed. */
    String shownCommand() {
        return SecretMask.of(settings.command().orElseGet(() -> String.join(" ", command)));
    }

    private static <T> T named(String key, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ProgramStartFailure(key + "." + e.getMessage());
        }
    }

    private static List<String> words(ProcessConfig.Settings settings) {
        Optional<String> line = settings.command();
        if (line.isPresent()) {
            try {
                return CommandLine.words(line.get());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("command: " + e.getMessage(), e);
            }
        }
        List<String> words = settings.commandWords().orElse(List.of());
        if (words.isEmpty() || words.get(0).isBlank()) {
            throw new IllegalArgumentException("command: nothing (expected: a program and its arguments)");
        }
        return words;
    }

    private static Pattern compiled(String key, String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            String where = e.getDescription() + " at " + e.getIndex();
            throw wrong(key + ".ready-pattern", pattern, "a regular expression; " + where);
        }
    }

    private static void requireInRange(String key, String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw wrong(key + "." + name, ReadableDuration.of(value), "more than 0s");
        }
        if (value.compareTo(LONGEST) > 0) {
            throw wrong(key + "." + name, ReadableDuration.of(value), "at most " + ReadableDuration.of(LONGEST));
        }
    }

    private static void requireHttp(String key, URI url) {
        boolean known = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!known || url.getHost() == null) {
            throw wrong(key + ".ready-url", url, "http://host:port/path");
        }
    }

    private static void requireDirectory(String key, Path directory) {
        if (!Files.isDirectory(directory)) {
            throw wrong(key + ".working-dir", directory, "a directory that exists");
        }
    }

    private static ProgramStartFailure wrong(String key, Object value, String expected) {
        return new ProgramStartFailure(key + ": " + value + " (expected: " + expected + ")");
    }
}
