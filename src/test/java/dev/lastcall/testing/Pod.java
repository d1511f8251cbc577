package dev.lastcall.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.stream.Stream;

/**
 * The {@link Application} as a process of its own, on free ports. {@code start} returns when it is ready; {@code close} kills what is
 * left of it.
 */
public final class Pod implements AutoCloseable {

    private static final List<String> HEAP = List.of("-Xmx256m");

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    static final String STARTED = "started in [0-9.]+s\\.";
    static final String HTTP = "Listening on: https?://[^ ]+?:([0-9]+)(?![0-9])";
    static final String MANAGEMENT = "Management interface listening on http://[^ ]+?:([0-9]+)";

    private final ChildProcess process;

    private Pod(ChildProcess process) {
        this.process = process;
    }

    /** Starts with these settings on top of free ports, and waits until it listens. */
    public static Pod start(Map<String, String> settings) {
        return ready(launch(settings));
    }

    /** Starts as {@link #start(Map)} does, with these options of the JVM instead of the tests' own. */
    public static Pod start(List<String> jvm, Map<String, String> settings) {
        return ready(launched(Application.as(options(jvm, settings))));
    }

    /** Starts another packaged application as {@link #start(Map)} does. */
    public static Pod start(Path jar, Map<String, String> settings) {
        return ready(launched(Application.shortLived(jar, options(HEAP, settings), List.of())));
    }

    private static Pod ready(Pod pod) {
        try {
            pod.awaitLine(STARTED, START_TIMEOUT);
            return pod;
        } catch (Throwable e) {
            pod.close();
            throw e;
        }
    }

    /** Starts and does not wait: for processes that are meant to fail, or to be ended before they are ready. */
    public static Pod launch(Map<String, String> settings, String... arguments) {
        return launched(Application.command(options(HEAP, settings), List.of(arguments)));
    }

    private static Pod launched(Command command) {
        return new Pod(ChildProcess.start(command));
    }

    private static List<String> options(List<String> jvm, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("quarkus.http.port", "0");
        all.put("quarkus.management.port", "0");
        all.putAll(settings);
        List<String> options = new ArrayList<>(jvm);
        all.forEach((name, value) -> options.add("-D" + name + "=" + value));
        return options;
    }

    public long pid() {
        return process.pid();
    }

    /** Returns how many files and sockets it has open. */
    public long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int httpPort() {
        return Integer.parseInt(awaitLine(HTTP, START_TIMEOUT).group(1));
    }

    public int managementPort() {
        return Integer.parseInt(awaitLine(MANAGEMENT, START_TIMEOUT).group(1));
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
        process.signal(name);
    }

    /** Waits for the end; {@link #lines()} is complete then. 143 is SIGTERM without an exit code of its own. */
    public int exitCode(Duration timeout) {
        return process.exitCode(timeout);
    }

    public boolean isRunning() {
        return process.isRunning();
    }

    /** Returns what it has written to both of its streams so far. */
    public List<String> lines() {
        return process.lines();
    }

    /** Nobody reads what it writes from now on, until it is read again: its pipe fills and its writes hang. */
    public void read(boolean wanted) {
        process.read(wanted);
    }

    /** The first line in which this regular expression is found, past or to come. Fails at the timeout, or when the process ends. */
    public MatchResult awaitLine(String pattern, Duration timeout) {
        return process.awaitLine(pattern, timeout);
    }

    @Override
    public void close() {
        process.close();
    }
}
