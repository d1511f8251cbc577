package dev.lastcall.testing;

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

    /** The first compiler alone: most pods live for seconds, and the second one would take a third of all they need. */
    private static final List<String> SHORT_LIVED = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final Pattern STARTED = Pattern.compile("started in [0-9.]+s\\.");
    private static final Pattern HTTP = Pattern.compile("Listening on: https?://[^ ]+?:([0-9]+)(?![0-9])");
    private static final Pattern MANAGEMENT =
            Pattern.compile("Management interface listening on http://[^ ]+?:([0-9]+)");

    private final ChildProcess process;

    private Pod(ChildProcess process) {
        this.process = process;
    }

    /** Starts with these settings on top of free ports, and waits until it listens. */
    public static Pod start(Map<String, String> settings) {
        return start(DEFAULT, settings);
    }

    /** Starts as {@link #start(Map)} does, with these options of the JVM instead of the tests' own. */
    public static Pod start(List<String> jvm, Map<String, String> settings) {
        return ready(launch(DEFAULT, jvm, settings));
    }

    /** Starts another packaged application as {@link #start(Map)} does. */
    public static Pod start(Path jar, Map<String, String> settings) {
        return ready(launch(jar, settings));
    }

    private static Pod ready(Pod pod) {
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

    private static Pod launch(Path jar, Map<String, String> settings, String... more) {
        List<String> jvm = new ArrayList<>(SHORT_LIVED);
        jvm.addAll(ClassArchive.of(jar, SHORT_LIVED));
        return launch(jar, jvm, settings, more);
    }

    private static Pod launch(Path jar, List<String> jvm, Map<String, String> settings, String... more) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("quarkus.http.port", "0");
        all.put("quarkus.management.port", "0");
        all.putAll(settings);
        List<String> arguments = new ArrayList<>(jvm);
        all.forEach((name, value) -> arguments.add("-D" + name + "=" + value));
        arguments.add("-jar");
        arguments.add(jar.toString());
        arguments.addAll(List.of(more));
        return new Pod(ChildProcess.start(Command.java(arguments)));
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
