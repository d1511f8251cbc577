package dev.lastcall.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts a program so that all of it can be found again: in a session of its own, and with a mark in its environment, which its
 * descendants inherit. The session also keeps a terminal's Ctrl-C from it: the terminal signals our process group, and the program would
 * be gone before its traffic.
 */
final class Spawn {
    static final String DEFAULT_PATH = "/usr/bin:/bin";
    /** Not below {@code LASTCALL_}: a supervised Lastcall would take that for a key of its own. */
    private static final String VARIABLE = "SUPERVISED_BY_LASTCALL";

    /** No constants: those of a native executable are the ones of the machine on which it was built. */
    private final String searchPath = Launcher.searchPath(System.getenv());

    private final Path here = Path.of("").toAbsolutePath();
    private final Launcher launcher = Launcher.ofThisMachine();
    private final Program program;

    Spawn(Program program) {
        this.program = program;
    }

    /**
     * One that runs, how to find all of it, and what it says.
     *
     * @param output ends when everybody who can write to it has closed it
     * @param relay passes the output on; null where the program's own stream is read, which ends with the program
     */
    record Spawned(
            Process process,
            ProcessTree tree,
            InputStream output,
            @Nullable Process relay) {}

    /**
     * Starts it.
     *
     * @throws ProgramStartFailure where it cannot be executed
     */
    Spawned start() {
        String mark = UUID.randomUUID().toString();
        ProcessBuilder builder = new ProcessBuilder().redirectErrorStream(true).redirectInput(new File("/dev/null"));
        program.settings().workingDir().ifPresent(directory -> builder.directory(directory.toFile()));
        Map<String, String> environment = builder.environment();
        environment.putAll(program.environment());
        requireExecutable(environment.getOrDefault("PATH", searchPath));
        environment.put(VARIABLE, mark);
        builder.command(launcher.before(program.command()));
        try {
            return started(builder, mark);
        } catch (IOException e) {
            throw failure(e.toString());
        }
    }

    /**
     * Java's own stream of a program's output is closed when the program exits: whoever else still writes would be ended by a SIGPIPE, and
     * its lines be lost. A pipe to a {@code cat} is an ordinary one.
     */
    private Spawned started(ProcessBuilder builder, String mark) throws IOException {
        boolean leadsSession = launcher.leadsSession(program.command());
        Optional<Path> cat = Executables.find("cat", here, searchPath);
        if (cat.isEmpty()) {
            Process process = builder.start();
            return new Spawned(
                    process,
                    new ProcessTree(process, leadsSession, VARIABLE + "=" + mark),
                    process.getInputStream(),
                    null);
        }
        ProcessBuilder relay =
                new ProcessBuilder(launcher.before(List.of(cat.get().toString())));
        List<Process> both = ProcessBuilder.startPipeline(List.of(builder, relay));
        Process process = both.get(0);
        return new Spawned(
                process,
                new ProcessTree(process, leadsSession, VARIABLE + "=" + mark),
                both.get(1).getInputStream(),
                both.get(1));
    }

    private void requireExecutable(String path) {
        String word = program.command().get(0);
        Path directory = program.settings().workingDir().map(here::resolve).orElse(here);
        Optional<Path> file = Executables.find(word, directory, path);
        if (file.isEmpty()) {
            boolean named = word.indexOf(File.separatorChar) < 0;
            throw failure(word + (named ? " is nowhere in PATH=" + path : " is not an executable file"));
        }
        Executables.fault(file.get(), directory, path).ifPresent(why -> {
            throw failure(why);
        });
    }

    private ProgramStartFailure failure(String why) {
        return new ProgramStartFailure(program.key() + ".command: " + program.shownCommand()
                + " (expected: a program that can be executed here; " + why + ")");
    }
}
