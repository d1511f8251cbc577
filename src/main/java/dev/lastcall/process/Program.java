package dev.lastcall.process;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What to supervise, checked.
 *
 * @param name as in {@code lastcall.process.<name>}
 * @param command the program and its arguments
 */
record Program(String name, List<String> command, Optional<Pattern> readyPattern, ProcessConfig.Settings settings) {
    /** @throws ProgramStartFailure naming the key, its value and what was expected */
    static Program of(String name, ProcessConfig.Settings settings) {
        String key = key(name);
        require(settings.readyTimeout().compareTo(Duration.ZERO) > 0, key, "ready-timeout", settings.readyTimeout());
        require(settings.stopTimeout().compareTo(Duration.ZERO) > 0, key, "stop-timeout", settings.stopTimeout());
        require(settings.restartDelay().compareTo(Duration.ZERO) > 0, key, "restart-delay", settings.restartDelay());
        if (settings.maxRestarts() < 0) {
            throw wrong(key + ".max-restarts", settings.maxRestarts(), "0 or more");
        }
        settings.readyUrl().ifPresent(url -> requireHttp(key, url));
        settings.workingDir().ifPresent(directory -> requireDirectory(key, directory));
        return new Program(
                name,
                words(key, settings.command()),
                settings.readyPattern().map(pattern -> compiled(key, pattern)),
                settings);
    }

    private static String key(String name) {
        return "lastcall.process." + name;
    }

    String key() {
        return key(name);
    }

    private static List<String> words(String key, String command) {
        try {
            return CommandLine.words(command);
        } catch (IllegalArgumentException e) {
            throw new ProgramStartFailure(key + ".command: " + e.getMessage());
        }
    }

    private static Pattern compiled(String key, String pattern) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            String where = e.getDescription() + " at " + e.getIndex();
            throw wrong(key + ".ready-pattern", pattern, "a regular expression; " + where);
        }
    }

    private static void require(boolean positive, String key, String name, Duration value) {
        if (!positive) {
            throw wrong(key + "." + name, value, "more than PT0S");
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
