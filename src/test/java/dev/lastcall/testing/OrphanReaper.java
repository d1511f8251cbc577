package dev.lastcall.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process that outlives the tests' JVM by a moment and kills what that leaves behind, however it ended: SIGKILL runs no shutdown hook, but
 * closes the pipe through which the JVM tells its children's process numbers. Thread-safe.
 */
public final class OrphanReaper {
    private static final Set<Long> TOLD = new HashSet<>();
    private static @Nullable PrintWriter pipe;

    private OrphanReaper() {}

    static synchronized void watch(ProcessHandle child) {
        if (TOLD.add(child.pid())) {
            PrintWriter open = pipe == null ? start() : pipe;
            open.println(child.pid());
            open.flush();
        }
    }

    /** All children that this JVM has now, whoever started them. */
    public static void watchChildren() {
        List<ProcessHandle> children = ProcessHandle.current().children().toList();
        children.forEach(OrphanReaper::watch);
        forgetAllBut(children);
    }

    /** A number of a process that has ended may be another one's later. */
    private static synchronized void forgetAllBut(List<ProcessHandle> children) {
        TOLD.retainAll(children.stream().map(ProcessHandle::pid).toList());
    }

    private static PrintWriter start() {
        // Ctrl-C in a terminal is sent to all processes of the build: this one is needed after it.
        List<String> command = new ArrayList<>(List.of("sh", "-c", "trap '' INT TERM HUP; exec \"$@\"", "sh"));
        command.addAll(Command.java(List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx32m",
                        "-cp",
                        classes().toString(),
                        OrphanReaper.class.getName(),
                        ProcessFamily.JVM))
                .words());
        try {
            Process reaper = new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            TOLD.add(reaper.pid());
            pipe = new PrintWriter(new OutputStreamWriter(reaper.getOutputStream(), StandardCharsets.US_ASCII));
            return pipe;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the path at which the classes of the tests are. */
    static Path classes() {
        try {
            return Path.of(OrphanReaper.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads process numbers to the end of its input, and kills those processes then.
     *
     * @param args what the marks of the JVM's children begin with
     */
    public static void main(String... args) throws IOException {
        List<ProcessHandle> children = new ArrayList<>();
        var told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String pid = told.readLine(); pid != null; pid = told.readLine()) {
            children.removeIf(child -> !child.isAlive());
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(children::add);
        }
        List<ProcessHandle> left = children.stream()
                .filter(ProcessHandle::isAlive)
                .flatMap(child -> Stream.concat(Stream.of(child), child.descendants()))
                .toList();
        left.forEach(ProcessHandle::destroyForcibly);
        ProcessFamily.marked(args[0]).forEach(ProcessHandle::destroyForcibly);
    }
}
