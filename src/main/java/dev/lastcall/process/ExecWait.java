package dev.lastcall.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A test whether a started program took the place of the words before it, which replace themselves by it and tell by their exit code where they could
 * not. A file that the kernel does not execute is given to a shell, whose exit code is waited for, for a moment.
 */
final class ExecWait {
    /** The exit codes of shells, {@code env} and {@code setsid} for a program that is not executable or not found. */
    private static final Set<Integer> FAILED = Set.of(126, 127);

    private static final int PACE_MS = 2;
    private static final long LIMIT_MS = 5000;
    private static final long SHELL_LIMIT_MS = 300;

    private final Program program;
    private final Process process;

    ExecWait(Program program, Process process) {
        this.program = program;
        this.process = process;
    }

    /** Returns once that is known, within seconds; where nothing can be seen (macOS), at once and true. */
    boolean isExecuted() throws InterruptedException {
        List<String> commandLine =
                ProcessTable.commandLine(ProcessHandle.current().pid());
        if (commandLine.isEmpty()) {
            return true;
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
        boolean exited = false;
        while (!exited && System.nanoTime() - end < 0) {
            commandLine = ProcessTable.commandLine(process.pid());
            if (Launcher.ofThisMachine().isProgram(commandLine)) {
                return !isShellOfNoProgram(commandLine) || !failsAtOnce();
            }
            exited = process.waitFor(PACE_MS, TimeUnit.MILLISECONDS);
        }
        return !exited || !FAILED.contains(process.exitValue());
    }

    private boolean isShellOfNoProgram(List<String> commandLine) {
        String word = program.command().get(0);
        return commandLine.size() > 1
                && commandLine.get(0).equals("/bin/sh")
                && !word.endsWith("sh")
                && commandLine.get(1).endsWith(word)
                && Executables.isReadByShell(Path.of(commandLine.get(1)));
    }

    private boolean failsAtOnce() throws InterruptedException {
        return process.waitFor(SHELL_LIMIT_MS, TimeUnit.MILLISECONDS)
                && (process.exitValue() == 2 || FAILED.contains(process.exitValue()));
    }
}
