package dev.lastcall.process;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.Time;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A program that is kept running until the release. Who sees what:
 *
 * <ul>
 *   <li>An exit before {@code release} set {@code stopping} is unexpected, whatever the code; one after it is not looked at.
 *   <li>A restart that is due when {@code release} comes finds {@code stopping} under the same lock, and does not start.
 *   <li>An exit while the pod drains is not followed by a restart: nobody would use the program.
 * </ul>
 *
 * Thread-safe.
 */
final class Supervised implements ReleaseStep {
    private static final Logger LOG = Logger.getLogger(Supervised.class);

    private final String name;
    private final ProcessConfig.Program program;
    private final Time time;
    private final BooleanSupplier serving;
    private final IntConsumer gone;

    // Guarded by this.
    private final Restarts restarts;
    private @Nullable Launch launch;
    private boolean up;
    private boolean stopping;

    /**
     * @param serving whether an exited program may be started again
     * @param gone told the exit code where it is not
     */
    Supervised(String name, ProcessConfig.Program program, Time time, BooleanSupplier serving, IntConsumer gone) {
        this.name = name;
        this.program = program;
        this.time = time;
        this.serving = serving;
        this.gone = gone;
        restarts = new Restarts(program.restart(), program.maxRestarts());
    }

    /** Starts it for the first time; completed when it is ready. Where it does not become that, it is for the caller to release. */
    CompletionStage<Void> start() {
        Launch first = launch();
        return first.ready().thenRun(() -> first.exit().thenAccept(code -> exited(first, code)));
    }

    private synchronized Launch launch() {
        Launch started = Launch.of(name, program, time);
        launch = started;
        started.ready().thenRun(() -> becomeReady(started));
        return started;
    }

    private synchronized void becomeReady(Launch which) {
        if (launch == which) {
            up = true;
            LOG.infof(
                    "process ready name=%s after=%dms",
                    name, Duration.ofNanos(time.nanoTime() - which.startedAt()).toMillis());
        }
    }

    private void exited(Launch which, int code) {
        Duration pause;
        synchronized (this) {
            up = false;
            if (stopping) {
                return;
            }
            pause = serving.getAsBoolean()
                    ? restarts.after(code, Duration.ofNanos(time.nanoTime() - which.startedAt()))
                    : null;
        }
        LOG.warnf("process exited name=%s code=%d restart=%s", name, code, pause == null ? "no" : "in " + pause);
        if (pause == null) {
            gone.accept(code);
        } else {
            time.schedule(pause, this::restart);
        }
    }

    private void restart() {
        Launch next;
        synchronized (this) {
            if (stopping) {
                return;
            }
            try {
                next = launch();
            } catch (StartFailure e) {
                LOG.errorf("process cannot be started again name=%s: %s", name, e.getMessage());
                gone.accept(1);
                return;
            }
        }
        next.ready().exceptionally(late -> {
            LOG.warnf("process does not become ready name=%s: %s", name, late.getMessage());
            next.tree().kill();
            return null;
        });
        next.exit().thenAccept(code -> exited(next, code));
    }

    /** Whether it runs and is ready. */
    synchronized boolean isUp() {
        return up;
    }

    @Override
    public String name() {
        return "process " + name;
    }

    @Override
    public ReleaseStage stage() {
        return ReleaseStage.PROCESSES;
    }

    /** Longer than the program's own limit: what comes then is a SIGKILL that needs a moment too. */
    @Override
    public Duration timeout() {
        return program.stopTimeout().plusSeconds(2);
    }

    /** SIGTERM to the program and its descendants, SIGKILL after the stop timeout, which is then the failure that is reported. */
    @Override
    public void release() throws InterruptedException {
        Launch last = stopping();
        if (last != null && !last.tree().stop(program.stopTimeout())) {
            throw new IllegalStateException(
                    "killed: it did not end within " + program.stopTimeout().toMillis() + " ms of SIGTERM");
        }
    }

    @Override
    public void abandon() {
        Launch last = stopping();
        if (last != null) {
            last.tree().kill();
        }
    }

    private synchronized @Nullable Launch stopping() {
        stopping = true;
        up = false;
        return launch;
    }
}
