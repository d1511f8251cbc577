package dev.lastcall.process;

import dev.lastcall.drain.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** One life of a program, from its start to its exit. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // what is left of the futures are callbacks, which do not fail
final class Launch {
    /** The last lines come behind the exit; somebody whom the program started may hold its output for ever. */
    private static final long LAST_WORDS_MS = 500;

    private final Program program;
    private final Process process;
    private final ProcessTree tree;
    private final Output output;
    private final Time time;
    private final long startedAt;
    private final CompletableFuture<Void> said = new CompletableFuture<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private Launch(Program program, Spawn.Spawned spawned, Time time) {
        this.program = program;
        process = spawned.process();
        tree = spawned.tree();
        this.time = time;
        startedAt = time.nanoTime();
        Logger log = Logger.getLogger("dev.lastcall.process." + program.name());
        output = new Output(line -> {
            log.info(line);
            program.readyPattern().ifPresent(pattern -> look(pattern, line));
        });
    }

    /** @throws ProgramStartFailure where the program cannot be executed */
    static Launch of(Program program, ReadyProbe probe, Time time) {
        Launch launch = new Launch(program, new Spawn(program).start(), time);
        launch.follow(probe);
        return launch;
    }

    private void follow(ReadyProbe probe) {
        output.follow(process.getInputStream(), program.name());
        if (program.readyPattern().isEmpty()) {
            said.complete(null);
        }
        said.thenRun(() -> program.settings()
                .readyUrl()
                .ifPresentOrElse(url -> probe.ask(url, ready), () -> ready.complete(null)));
        limit(program.settings().readyTimeout());
    }

    private void look(Pattern pattern, String line) {
        if (!said.isDone() && pattern.matcher(line).find()) {
            said.complete(null);
        }
    }

    private void limit(Duration timeout) {
        Time.Alarm alarm = time.schedule(
                timeout,
                () -> ready.completeExceptionally(failure(
                        ": not ready after " + timeout.toMillis() + " ms (expected: its ready-pattern in a line of its"
                                + " output, or its ready-url to answer, within ready-timeout)")));
        CompletionStage<Void> silent =
                output.ended().toCompletableFuture().completeOnTimeout(null, LAST_WORDS_MS, TimeUnit.MILLISECONDS);
        process.onExit()
                .thenCombine(
                        silent,
                        (ended, all) -> ready.completeExceptionally(
                                failure(": exited with " + ended.exitValue() + " before it was ready")));
        ready.whenComplete((done, failed) -> alarm.cancel());
    }

    private ProgramStartFailure failure(String what) {
        List<String> lines = output.lastLines();
        String said = lines.isEmpty() ? "; it said nothing" : "; its last lines:\n  " + String.join("\n  ", lines);
        return new ProgramStartFailure(program.key() + what + said);
    }

    /** Completed when the program is ready, with a {@link ProgramStartFailure} where it exits first or takes too long. */
    CompletionStage<Void> ready() {
        return ready.minimalCompletionStage();
    }

    /** Completed with the exit code; 128 and a signal's number where that ended it. */
    CompletionStage<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** How long it has been running. */
    Duration age() {
        return Duration.ofNanos(time.nanoTime() - startedAt);
    }

    ProcessTree tree() {
        return tree;
    }
}
