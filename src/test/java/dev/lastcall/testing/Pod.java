package dev.lastcall.testing;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The packaged application as a process of its own, on free ports. {@code start} returns when it is ready; {@code close} kills what
 * is left of it.
 */
public final class Pod implements AutoCloseable {

    private static final Path DEFAULT =
            Path.of(System.getProperty("lastcall.jar", "target/quarkus-app/quarkus-run.jar"));
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern STARTED = Pattern.compile("started in [0-9.]+s\\.");
    private static final Pattern HTTP = Pattern.compile("Listening on: http://[^ ]+?:([0-9]+)(?![0-9])");
    private static final Pattern MANAGEMENT =
            Pattern.compile("Management interface listening on http://[^ ]+?:([0-9]+)");

    private final Process process;
    private final Output output;

    private Pod(Process process) {
        this.process = process;
        this.output = new Output(process.getInputStream(), "pod-" + process.pid());
    }

    /** Starts with these settings on top of free ports, and waits until it listens. */
    public static Pod start(Map<String, String> settings) {
        return start(DEFAULT, settings);
    }

    /** As {@link #start(Map)}, another packaged application. */
    public static Pod start(Path jar, Map<String, String> settings) {
        Pod pod = launch(jar, settings);
        try {
            pod.awaitLine(STARTED.pattern(), START_TIMEOUT);
            return pod;
        } catch (Throwable e) {
            pod.close();
            throw e;
        }
    }

    /** Starts and does not wait: for processes that are meant to fail, or to be ended before they are ready. */
    public static Pod launch(Map<String, String> settings, String... arguments) {
        return launch(DEFAULT, settings, arguments);
    }

    private static Pod launch(Path jar, Map<String, String> settings, String... arguments) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("quarkus.http.port", "0");
        all.put("quarkus.management.port", "0");
        all.putAll(settings);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        all.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(List.of(arguments));
        try {
            return new Pod(new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public int httpPort() {
        return Integer.parseInt(awaitLine(HTTP.pattern(), START_TIMEOUT).group(1));
    }

    public int managementPort() {
        return Integer.parseInt(awaitLine(MANAGEMENT.pattern(), START_TIMEOUT).group(1));
    }

    /** The address of a path on the port for clients. */
    public URI http(String path) {
        return URI.create("http://localhost:" + httpPort() + path);
    }

    /** The address of a path on the port for operators. */
    public URI management(String path) {
        return URI.create("http://localhost:" + managementPort() + path);
    }

    /** Sends a signal by its short name: {@code TERM}, {@code INT}, {@code KILL}, {@code STOP}, {@code CONT}. */
    public void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new AssertionError("kill -%s %d: %d (expected: 0)".formatted(name, pid(), kill.exitValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits for the end; {@link #lines()} is complete then. 143 is SIGTERM without an exit code of its own. */
    public int exitCode(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), MILLISECONDS)) {
                throw new AssertionError("still running after %s:%n%s".formatted(timeout, String.join("\n", lines())));
            }
            output.awaitEnd(Duration.ofSeconds(1));
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** What it has written to both of its streams so far. */
    public List<String> lines() {
        return output.lines();
    }

    /** The first line in which this regular expression is found, past or to come. Fails at the timeout, or when the process ends. */
    public MatchResult awaitLine(String pattern, Duration timeout) {
        try {
            return output.await(Pattern.compile(pattern), timeout);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        exitCode(Duration.ofSeconds(10));
    }

    private static AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted", e);
    }
}
