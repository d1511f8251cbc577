package dev.lastcall.process;

import dev.lastcall.drain.Time;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A program that is kept running until the release. These rules hold:
 *
 * <ul>
 *   <li>An exit before the stop began is unexpected, whatever its code; one after it is not looked at.
 *   <li>A start that is due when the stop begins finds {@code stopping} under the same lock, and does not happen.
 *   <li>A line or an answer that says "ready" may be heard behind the exit: only the launch that runs can become ready.
 *   <li>A drain changes nothing: requests are still answered in it, and need the program.
 * </ul>
 *
 * Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // callbacks, which do not fail
final class Supervised {
    private static final Logger LOG = Logger.getLogger(Supervised.class);

    /** The time for the kill at the end of the budget, and for the last output after it. */
    private static final Duration AFTER_THE_KILL = Duration.ofMillis(500);

    private static final Duration SHORTEST_STOP = Duration.ofMillis(100);
    private static final Duration LAST_WORDS = Duration.ofMillis(300);
    /** The time in which a killed process is dead, unless the kernel holds it. */
    private static final Duration DEATH = Duration.ofMillis(100);

    private final Program program;
    private final ReadyProbe probe;
    private final Time time;
    private final IntConsumer gone;
    private final Supplier<Duration> stopBudget;
    private final CompletableFuture<Stopped> stopped = new CompletableFuture<>();
    /** Also read without the monitor, by the kill. */
    private volatile @Nullable Launch launch;

    private volatile boolean killed;

    // Guarded by this.
    private final Restarts restarts;
    private boolean running;
    private boolean up;
    private boolean stopping;
    private boolean stopBegun;

    /**
     * The result of a stop.
     *
     * @param killed how many had to be killed
     * @param after from the first signal to the end
     */
    record Stopped(int killed, Duration after) {}

    /**
     * A program that has not been started.
     *
     * @param gone receives the exit code if the program is not started again
     * @param stopBudget what is left for a stop that begins now
     */
    Supervised(Program program, ReadyProbe probe, Time time, IntConsumer gone, Supplier<Duration> stopBudget) {
        this.program = program;
        this.probe = probe;
        this.time = time;
        this.gone = gone;
        this.stopBudget = stopBudget;
        ProcessConfig.Settings settings = program.settings();
        restarts = new Restarts(settings.restart(), settings.maxRestarts(), settings.restartDelay());
    }

    /**
     * Starts it for the first time; completed when it is ready. The caller is to stop a program that does not become ready.
     *
     * @throws ProgramStartFailure where it cannot be executed
     */
    CompletionStage<Void> start() {
        Launch first = launch();
        if (first == null) {
            return CompletableFuture.failedStage(
                    new ProgramStartFailure(program.key() + ": stopped before it was started"));
        }
        return first.ready().thenRun(() -> first.exit().thenAccept(code -> exited(first, code)));
    }

    /** Null where the stop has begun. */
    private synchronized @Nullable Launch launch() {
        if (stopping) {
            return null;
        }
        Launch started = Launch.of(program, probe, time);
        launch = started;
        running = true;
        started.ready().thenRun(() -> becomeReady(started));
        return started;
    }

    private synchronized void becomeReady(Launch which) {
        if (launch == which && running && !stopping) {
            up = true;
            LOG.infof(
                    "process ready name=%s after=%dms",
                    program.name(), which.age().toMillis());
        }
    }

    private void exited(Launch which, int code) {
        Duration pause;
        synchronized (this) {
            running = false;
            up = false;
            if (stopping) {
                return;
            }
            pause = restarts.after(code, which.readyFor());
        }
        if (pause != null) {
            // What it left behind may hold the port that the next one needs.
            which.tree().kill();
        }
        again(code, pause);
    }

    private void again(int code, @Nullable Duration pause) {
        String restart = pause == null ? "no" : "in " + pause.toMillis() + "ms";
        LOG.warnf("process exited name=%s code=%s restart=%s", program.name(), exit(code), restart);
        if (pause == null) {
            gone.accept(code);
        } else {
            time.schedule(pause, this::restart);
        }
    }

    private void restart() {
        try {
            Launch next = launch();
            if (next != null) {
                next.ready().exceptionally(late -> notReady(next, late));
                next.exit().thenAccept(code -> exited(next, code));
            }
        } catch (ProgramStartFailure e) {
            LOG.error(e.getMessage());
            Duration pause;
            synchronized (this) {
                pause = restarts.after(1, Duration.ZERO);
            }
            again(1, pause);
        }
    }

    private static @Nullable Void notReady(Launch launch, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        LOG.error(cause == null ? failure.getMessage() : cause.getMessage());
        launch.tree().kill();
        return null;
    }

    /** Whether it runs and is ready. */
    synchronized boolean isUp() {
        return up;
    }

    Program program() {
        return program;
    }

    /** Begins the stop, unless it has begun. */
    synchronized void stop() {
        if (stopBegun) {
            return;
        }
        stopBegun = true;
        Launch last = endRestarts();
        if (last == null) {
            stopped.complete(new Stopped(0, Duration.ZERO));
            return;
        }
        Thread stopper = new Thread(() -> stop(last), "lastcall-stop-" + program.name());
        stopper.setDaemon(true);
        stopper.start();
    }

    private void stop(Launch last) {
        try {
            Duration budget = stopBudget.get().minus(AFTER_THE_KILL);
            StopPlan plan = program.stopPlan().within(budget.compareTo(SHORTEST_STOP) > 0 ? budget : SHORTEST_STOP);
            long begin = System.nanoTime();
            int killed = last.tree().stop(plan);
            Duration after = Duration.ofNanos(System.nanoTime() - begin);
            last.endOutput(LAST_WORDS, plan.timeout().minus(after));
            LOG.infof(
                    "process stopped name=%s %s after=%dms killed=%d",
                    program.name(), lastExit(), after.toMillis(), killed);
            stopped.complete(new Stopped(killed, killed > 0 ? plan.timeout() : after));
        } catch (InterruptedException | RuntimeException e) {
            stopped.completeExceptionally(e);
        }
    }

    /** Sends a signal to its main process, where that runs. */
    void send(UnixSignal signal) {
        Launch running = launch;
        if (running != null) {
            SignalSender.send(signal, List.of(running.tree().root()));
        }
    }

    /** Completed when all of it has ended. */
    CompletableFuture<Stopped> stopped() {
        return stopped.copy();
    }

    /** Returns how its last main process ended, {@code exit-code=143 signal=TERM}; empty where none was started or it has not ended. */
    String lastExit() {
        Launch last = launch;
        Duration wait = killed ? DEATH : Duration.ZERO;
        return last == null
                ? ""
                : last.tree()
                        .exitCode(wait)
                        .map(code -> "exit-code=" + exit(code))
                        .orElse("");
    }

    private static String exit(int code) {
        return UnixSignal.ofExitCode(code)
                .map(signal -> code + " signal=" + signal)
                .orElse(Integer.toString(code));
    }

    /** Kills what is left of it, without waiting; returns how many there were. */
    int kill() {
        // The monitor may be held by a start that takes its time; whoever runs already does not outlive us for that.
        Launch running = launch;
        killed = true;
        int count = running == null ? 0 : running.tree().kill();
        Launch last = endRestarts();
        return last == null || last == running ? count : count + last.tree().kill();
    }

    private synchronized @Nullable Launch endRestarts() {
        stopping = true;
        up = false;
        return launch;
    }
}
