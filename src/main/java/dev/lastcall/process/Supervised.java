package dev.lastcall.process;

import dev.lastcall.drain.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A program that is kept running until the release. Who sees what:
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

    private final Program program;
    private final ReadyProbe probe;
    private final Time time;
    private final IntConsumer gone;
    private final CompletableFuture<Integer> stopped = new CompletableFuture<>();

    // Guarded by this.
    private final Restarts restarts;
    private @Nullable Launch launch;
    private boolean running;
    private boolean up;
    private boolean stopping;
    private boolean stopBegun;

    /** @param gone told the exit code where the program is not started again */
    Supervised(Program program, ReadyProbe probe, Time time, IntConsumer gone) {
        this.program = program;
        this.probe = probe;
        this.time = time;
        this.gone = gone;
        ProcessConfig.Settings settings = program.settings();
        restarts = new Restarts(settings.restart(), settings.maxRestarts(), settings.restartDelay());
    }

    /**
     * Starts it for the first time; completed when it is ready. Where it does not become that, it is for the caller to stop.
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
            pause = restarts.after(code, which.age());
        }
        if (pause != null) {
            // What it left behind may hold the port that the next one needs.
            which.tree().kill();
        }
        again(code, pause);
    }

    private void again(int code, @Nullable Duration pause) {
        String restart = pause == null ? "no" : "in " + pause.toMillis() + "ms";
        LOG.warnf("process exited name=%s code=%d restart=%s", program.name(), code, restart);
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
            stopped.complete(0);
            return;
        }
        Thread stopper = new Thread(() -> stop(last), "lastcall-stop-" + program.name());
        stopper.setDaemon(true);
        stopper.start();
    }

    private void stop(Launch last) {
        try {
            stopped.complete(last.tree().stop(program.settings().stopTimeout()));
        } catch (InterruptedException | RuntimeException e) {
            stopped.completeExceptionally(e);
        }
    }

    /** Completed when all of it has ended, with how many had to be killed for that. */
    CompletableFuture<Integer> stopped() {
        return stopped.copy();
    }

    /** Kills what is left of it, without waiting; returns how many there were. */
    int kill() {
        Launch last = endRestarts();
        return last == null ? 0 : last.tree().kill();
    }

    private synchronized @Nullable Launch endRestarts() {
        stopping = true;
        up = false;
        return launch;
    }
}
