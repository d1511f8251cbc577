package dev.lastcall.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Starts a program so that all of it can be found again: in a session of its own, and with a mark in its environment, which its
 * descendants inherit. The session also keeps a terminal's Ctrl-C from it: the terminal signals our process group, and the program would
 * be gone before its traffic. Java cannot make a session; {@code setsid} can, which Linux has and macOS has not.
 */
final class Spawn {
    /** Not below {@code LASTCALL_}: a supervised Lastcall would take that for a key of its own. */
    private static final String VARIABLE = "SUPERVISED_BY_LASTCALL";

    /** These three are no constants: those of a native executable are the ones of the machine on which it was built. */
    private final String searchPath = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");

    private final Path here = Path.of("").toAbsolutePath();
    private final boolean hasSetsid =
            Executables.find("setsid", here, searchPath).isPresent();
    private final Program program;

    Spawn(Program program) {
        this.program = program;
    }

    /** One that runs, and how to find all of it. */
    record Spawned(Process process, ProcessTree tree) {}

    /** @throws ProgramStartFailure where it cannot be executed */
    Spawned start() {
        String mark = UUID.randomUUID().toString();
        ProcessBuilder builder = new ProcessBuilder().redirectErrorStream(true).redirectInput(new File("/dev/null"));
        program.settings().workingDir().ifPresent(directory -> builder.directory(directory.toFile()));
        Map<String, String> environment = builder.environment();
        environment.putAll(program.settings().env());
        // setsid looks there too, in the program's own environment, and would fail with a line of its own and 127.
        requireExecutable(environment.getOrDefault("PATH", searchPath));
        environment.put(VARIABLE, mark);
        List<String> command = new ArrayList<>(program.command());
        if (hasSetsid) {
            command.add(0, "setsid");
        }
        try {
            Process process = builder.command(command).start();
            return new Spawned(process, new ProcessTree(process.toHandle(), hasSetsid, VARIABLE + "=" + mark));
        } catch (IOException e) {
            throw failure(e.toString());
        }
    }

    private void requireExecutable(String path) {
        String word = program.command().get(0);
        Path directory = program.settings().workingDir().map(here::resolve).orElse(here);
        if (Executables.find(word, directory, path).isEmpty()) {
            boolean named = word.indexOf(File.separatorChar) < 0;
            throw failure(word + (named ? " is nowhere in PATH=" + path : " is not an executable file"));
        }
    }

    private ProgramStartFailure failure(String why) {
        return new ProgramStartFailure(program.key() + ".command: "
                + program.settings().command() + " (expected: a program that can be executed here; " + why + ")");
    }
}
