package dev.lastcall.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A process that a test starts: the only way to start one. It ends with all its descendants when it is closed, at the latest when the test or
 * the test class that started it ends, and when this JVM ends, even by SIGKILL. Its output is read all the time and never this JVM's own: a
 * process left behind would keep that open, and Maven would wait for it for ever. Thread-safe.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final Output output;
    private final ProcessFamily family;
    private final Scope scope;

    private ChildProcess(Process process, String mark, Scope scope) {
        this.process = process;
        this.scope = scope;
        output = new Output(process.getInputStream(), "output-of-" + process.pid());
        family = new ProcessFamily(process.toHandle(), mark);
    }

    public static ChildProcess start(Command command) {
        return start(command, Scope.innermost());
    }

    static ChildProcess start(Command command, Scope scope) {
        String mark = ProcessFamily.newMark();
        ProcessBuilder builder =
                new ProcessBuilder(command.words()).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().putAll(command.environment());
        builder.environment().put(ProcessFamily.VARIABLE, mark);
        if (command.directory() != null) {
            builder.directory(command.directory().toFile());
        }
        try {
            ChildProcess child = new ChildProcess(builder.start(), mark, scope);
            scope.add(child.family);
            OrphanReaper.watch(child.process.toHandle());
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal by its short name: {@code TERM}, {@code INT}, {@code STOP}, {@code CONT}. */
    public static void signal(String name, long pid) {
        run("kill", "-" + name, Long.toString(pid));
    }

    /** Runs a program to its end; fails where its exit code is not 0. */
    public static void run(String... words) {
        try (ChildProcess process = start(Command.of(words))) {
            int code = process.exitCode(END_LIMIT);
            if (code != 0) {
                throw new AssertionError("%s: %d (expected: 0)%n%s"
                        .formatted(String.join(" ", words), code, String.join("\n", process.lines())));
            }
        }
    }

    public void signal(String name) {
        signal(name, pid());
    }

    public long pid() {
        return process.pid();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Returns the lines that it has written to both of its streams so far. */
    public List<String> lines() {
        return output.lines();
    }

    /** The first line in which this regular expression is found, past or to come. Fails at the timeout, or when the output ends. */
    public MatchResult awaitLine(String pattern, Duration timeout) {
        try {
            return output.await(Pattern.compile(pattern), timeout);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits for the end; {@link #lines()} is complete then, unless a descendant lives on. 143 is SIGTERM without an exit code of its own. */
    public int exitCode(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("still running after %s:%n%s".formatted(timeout, String.join("\n", lines())));
            }
            output.awaitEnd(Duration.ofSeconds(family.hasLiving() ? 1 : END_LIMIT.toSeconds()));
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** SIGKILL to it and its descendants; returns when it has ended. */
    /** Whether somebody reads what it writes: where nobody does, its pipe fills and its writes hang. */
    void read(boolean wanted) {
        output.read(wanted);
    }

    @Override
    public void close() {
        output.read(true);
        family.kill();
        exitCode(END_LIMIT);
        scope.remove(family);
    }

    private static AssertionError interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AssertionError("interrupted", e);
    }
}
