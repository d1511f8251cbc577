package dev.lastcall.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A small Java program of the tests' own, as a process. */
public final class Program implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final Process process;
    private final Output output;

    private Program(Process process) {
        this.process = process;
        output = new Output(process.getInputStream(), "program-" + process.pid());
    }

    /** Runs a main class of the tests, which uses the JDK alone. */
    public static Program start(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xmx128m", "-cp", Path.of("target", "test-classes").toString(), mainClass));
        command.addAll(List.of(arguments));
        try {
            return new Program(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first group of the first line in which this regular expression is found. */
    public String await(String pattern) {
        try {
            return output.await(Pattern.compile(pattern), START_LIMIT).group(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** SIGTERM; returns when it has ended. */
    public void terminate() {
        process.toHandle().destroy();
        awaitEnd();
    }

    /** Everything it has printed so far. */
    public List<String> lines() {
        return output.lines();
    }

    /** Returns when it has ended by itself. */
    public void awaitEnd() {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + process);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
        awaitEnd();
    }
}
