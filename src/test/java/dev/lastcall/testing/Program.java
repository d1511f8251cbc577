package dev.lastcall.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A small Java program of the tests' own, as a process. */
public final class Program implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ChildProcess process;

    private Program(ChildProcess process) {
        this.process = process;
    }

    /** Runs a main class of the tests, which uses the JDK alone. */
    public static Program start(String mainClass, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                OrphanReaper.classes().toString(),
                mainClass));
        words.addAll(List.of(arguments));
        return new Program(ChildProcess.start(Command.java(words)));
    }

    /** The first group of the first line in which this regular expression is found. */
    public String await(String pattern) {
        return process.awaitLine(pattern, LIMIT).group(1);
    }

    public boolean isRunning() {
        return process.isRunning();
    }

    /** SIGTERM; returns when it has ended. */
    public void terminate() {
        process.handle().destroy();
        awaitEnd();
    }

    /** Everything it has printed so far. */
    public List<String> lines() {
        return process.lines();
    }

    /** Returns when it has ended by itself. */
    public void awaitEnd() {
        process.exitCode(LIMIT);
    }

    @Override
    public void close() {
        process.close();
    }
}
