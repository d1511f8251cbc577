package dev.lastcall.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A program that was started by a command and not by configuration, in a session of its own, so that everything it has started can be found
 * and killed. Its two outputs are one. Thread-safe.
 */
public final class SpawnedProgram {
    private static final String VARIABLE = "STARTED_BY_LASTCALL";

    private final Process process;
    private final ProcessTree tree;

    private SpawnedProgram(Process process, ProcessTree tree) {
        this.process = process;
        this.tree = tree;
    }

    /**
     * Splits a command into words as a POSIX shell does: blanks, quotes and backslashes, nothing else.
     *
     * @throws IllegalArgumentException where it is empty or a quote is left open; the message says what was expected
     */
    public static List<String> words(String command) {
        return CommandLine.words(command);
    }

    /**
     * Starts a program.
     *
     * @param variables what its environment has besides this process'
     * @throws IOException where it cannot be executed; the message says why
     */
    public static SpawnedProgram start(List<String> words, Map<String, String> variables) throws IOException {
        Launcher launcher = Launcher.ofThisMachine();
        ProcessBuilder builder = new ProcessBuilder(launcher.before(words))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        Map<String, String> environment = builder.environment();
        environment.putAll(variables);
        String mark = UUID.randomUUID().toString();
        environment.put(VARIABLE, mark);
        requireExecutable(words.get(0), Launcher.searchPath(environment));
        Process process = builder.start();
        return new SpawnedProgram(
                process, new ProcessTree(process, launcher.leadsSession(words), VARIABLE + "=" + mark));
    }

    private static void requireExecutable(String word, String path) throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Optional<Path> file = Executables.find(word, here, path);
        if (file.isEmpty()) {
            boolean named = word.indexOf(File.separatorChar) < 0;
            throw new IOException(word + (named ? " is nowhere in PATH=" + path : " is not an executable file"));
        }
        Optional<String> fault = Executables.fault(file.get(), here, path);
        if (fault.isPresent()) {
            throw new IOException(fault.get());
        }
    }

    /** Returns the main process. */
    public Process process() {
        return process;
    }

    /** SIGKILL to the main process and to everything that it has started; returns without waiting for their end. */
    public void kill() {
        tree.kill();
    }
}
