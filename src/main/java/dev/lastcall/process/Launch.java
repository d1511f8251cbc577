package dev.lastcall.process;

import dev.lastcall.drain.Time;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One life of a program, from its start to its exit. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // what is left of the futures are callbacks, which do not fail
final class Launch {
    private static final long LAST_WORDS_MS = 500;

    private final String key;
    private final Process process;
    private final Output output;
    private final long startedAt;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private Launch(String key, Process process, Output output, long startedAt) {
        this.key = key;
        this.process = process;
        this.output = output;
        this.startedAt = startedAt;
    }

    /** @throws StartFailure where the program cannot be started */
    static Launch of(String name, ProcessConfig.Program program, Time time) {
        String key = "lastcall.process." + name;
        Logger log = Logger.getLogger("dev.lastcall.process." + name);
        CompletableFuture<Void> said = new CompletableFuture<>();
        Pattern pattern = readyPattern(key, program);
        Output output = new Output(line -> {
            log.info(line);
            if (pattern != null && !said.isDone() && pattern.matcher(line).find()) {
                said.complete(null);
            }
        });
        Launch launch = new Launch(key, start(key, program), output, time.nanoTime());
        output.follow(launch.process.getInputStream(), name);
        if (pattern == null) {
            said.complete(null);
        }
        said.thenRun(() -> program.readyUrl()
                .ifPresentOrElse(url -> ReadyProbe.begin(url, launch.ready, time), () -> launch.ready.complete(null)));
        launch.limit(program.readyTimeout(), time);
        return launch;
    }

    private static @Nullable Pattern readyPattern(String key, ProcessConfig.Program program) {
        try {
            return program.readyPattern().map(Pattern::compile).orElse(null);
        } catch (PatternSyntaxException e) {
            throw new StartFailure(key + ".ready-pattern: " + e.getPattern() + " (expected: a regular expression; "
                    + e.getDescription() + " at " + e.getIndex() + ")");
        }
    }

    private static Process start(String key, ProcessConfig.Program program) {
        try {
            ProcessBuilder builder = new ProcessBuilder(CommandLine.words(program.command()))
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"));
            builder.environment().putAll(program.env());
            program.workingDir().ifPresent(directory -> builder.directory(directory.toFile()));
            return builder.start();
        } catch (IllegalArgumentException e) {
            throw new StartFailure(key + ".command: " + e.getMessage());
        } catch (IOException e) {
            throw new StartFailure(key + ".command: " + program.command()
                    + " (expected: a program that can be started here; " + e.getMessage() + ")");
        }
    }

    private void limit(Duration timeout, Time time) {
        Time.Alarm alarm = time.schedule(
                timeout,
                () -> ready.completeExceptionally(failure(
                        ": not ready after " + timeout.toMillis() + " ms (expected: its ready-pattern in a line of its"
                                + " output, or its ready-url to answer, within ready-timeout)")));
        // What it said last comes after its end; somebody whom it started may hold the output for ever.
        CompletionStage<Void> said =
                output.ended().toCompletableFuture().completeOnTimeout(null, LAST_WORDS_MS, TimeUnit.MILLISECONDS);
        process.onExit()
                .thenCombine(
                        said,
                        (ended, all) -> ready.completeExceptionally(
                                failure(": exited with " + ended.exitValue() + " before it was ready")));
        ready.whenComplete((done, failed) -> alarm.cancel());
    }

    private StartFailure failure(String what) {
        return new StartFailure(key + what + "; its last lines:\n  " + String.join("\n  ", output.lastLines()));
    }

    /** Completed when the program is ready, with a {@link StartFailure} where it exits first or takes too long. */
    CompletionStage<Void> ready() {
        return ready.minimalCompletionStage();
    }

    /** Completed with the exit code. */
    CompletionStage<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    long startedAt() {
        return startedAt;
    }

    ProcessTree tree() {
        return new ProcessTree(process.toHandle());
    }
}
