package dev.lastcall.process;

import dev.lastcall.drain.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One life of a program, from its start to its exit. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // what is left of the futures are callbacks, which do not fail
final class Launch {
    /** The time to wait for the last lines after the exit; a descendant of the program may hold its output open for ever. */
    private static final long LAST_WORDS_MS = 500;

    private final Program program;
    private final Spawn.Spawned spawned;
    private final Process process;
    private final Output output;
    private final Time time;
    private final long startedAt;
    private final CompletableFuture<Void> said;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile String lastAnswer = "";
    private volatile @Nullable Long readySince;

    private Launch(Program program, Spawn.Spawned spawned, Time time) {
        this.program = program;
        this.spawned = spawned;
        process = spawned.process();
        this.time = time;
        startedAt = time.nanoTime();
        Logger log = Logger.getLogger("dev.lastcall.process." + program.name());
        ReadyPattern pattern =
                program.readyPattern().map(each -> new ReadyPattern(each, time)).orElse(null);
        if (pattern == null) {
            output = new Output(log::info);
            said = CompletableFuture.completedFuture(null);
        } else {
            output = new Output(
                    line -> {
                        log.info(line);
                        pattern.line(line);
                    },
                    () -> unfinished(pattern));
            said = pattern.found();
        }
    }

    private void unfinished(ReadyPattern pattern) {
        pattern.unfinished(output);
    }

    /**
     * Starts it, and returns when it has taken the place of the words before it.
     *
     * @throws ProgramStartFailure where the program cannot be executed
     */
    static Launch of(Program program, ReadyProbe probe, Time time) {
        Launch launch = new Launch(program, new Spawn(program).start(), time);
        launch.output.follow(launch.spawned.output(), program.name());
        launch.requireExecuted();
        launch.follow(probe);
        return launch;
    }

    /**
     * Fails if the program was not executed. Only wrappers before the program, and a shell that is given something else than a program,
     * report a failed exec by their exit code.
     */
    private void requireExecuted() {
        try {
            if (!new ExecWait(program, process).isExecuted()) {
                awaitOutput(Duration.ofMillis(LAST_WORDS_MS));
                throw failure(".command: " + program.shownCommand()
                        + " (expected: a program that can be executed here; exec failed with exit code "
                        + process.exitValue() + ")");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(ReadyProbe probe) {
        ready.thenRun(() -> readySince = time.nanoTime());
        said.thenRun(() -> program.settings()
                .readyUrl()
                .ifPresentOrElse(
                        url -> probe.ask(url, ready, answer -> lastAnswer = answer), () -> ready.complete(null)));
        limit(program.settings().readyTimeout());
    }

    private void limit(Duration timeout) {
        Time.Alarm alarm = time.schedule(timeout, () -> ready.completeExceptionally(late(timeout)));
        CompletionStage<Void> silent =
                output.ended().toCompletableFuture().completeOnTimeout(null, LAST_WORDS_MS, TimeUnit.MILLISECONDS);
        process.onExit()
                .thenCombine(
                        silent,
                        (ended, all) -> ready.completeExceptionally(
                                failure(": exited with " + ended.exitValue() + " before it was ready")));
        ready.whenComplete((done, failed) -> alarm.cancel());
    }

    private ProgramStartFailure late(Duration timeout) {
        String answered = lastAnswer.isEmpty() ? "" : "; its ready-url was last answered " + lastAnswer;
        return failure(": not ready after " + timeout.toMillis() + " ms (expected: its ready-pattern in a line of its"
                + " output, or its ready-url to answer, within ready-timeout" + answered + ")");
    }

    private ProgramStartFailure failure(String what) {
        List<String> lines = output.lastLines();
        String words = lines.isEmpty() ? "; it said nothing" : "; its last lines:\n  " + String.join("\n  ", lines);
        return new ProgramStartFailure(program.key() + what + words);
    }

    /** Completed when the program is ready, with a {@link ProgramStartFailure} where it exits first or takes too long. */
    CompletionStage<Void> ready() {
        return ready.minimalCompletionStage();
    }

    /** Completed with the exit code; 128 and a signal's number where that ended it. */
    CompletionStage<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Returns the time since it became ready; zero where it never did. */
    Duration readyFor() {
        Long since = readySince;
        return since == null ? Duration.ZERO : Duration.ofNanos(time.nanoTime() - since);
    }

    /** Returns the time since its start. */
    Duration age() {
        return Duration.ofNanos(time.nanoTime() - startedAt);
    }

    ProcessTree tree() {
        return spawned.tree();
    }

    /**
     * Waits, after all processes have ended, until their output has been read; what is left is given up when this thread is interrupted.
     *
     * @param silence without anything read, after which the rest is given up: nobody may write any more, and somebody hold the pipe
     * @param most time for all of it, but not less than the silence
     */
    void endOutput(Duration silence, Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        try {
            // Seen as ended in the table of processes a moment before its exit code is here.
            process.waitFor(silence.toMillis(), TimeUnit.MILLISECONDS);
            int before;
            do {
                before = output.progress();
                awaitOutput(silence);
            } while (output.progress() != before && System.nanoTime() - end < 0);
        } finally {
            Process relay = spawned.relay();
            if (relay != null) {
                relay.destroyForcibly();
            }
        }
    }

    private void awaitOutput(Duration limit) throws InterruptedException {
        try {
            output.ended().toCompletableFuture().get(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Somebody who is none of the program's, or nobody can reach, holds it.
        }
    }
}
