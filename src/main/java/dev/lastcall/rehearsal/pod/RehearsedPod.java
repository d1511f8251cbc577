package dev.lastcall.rehearsal.pod;

import dev.lastcall.drain.Time;
import dev.lastcall.process.SpawnedProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One pod: a program as a process of this machine, with a kubelet of its own. All calls come from the timer's thread, but for
 * {@link #history()}, {@link #port()} and {@link #discard()}.
 */
public final class RehearsedPod {
    private final String name;
    private final PodTemplate template;
    private final Kubelet kubelet;
    private final PodListener listener;
    private final PodHistory history;
    private final PodContext context;
    private final OutputTail output = new OutputTail();
    private final SpawnedProgram program;
    private final Readiness readiness;
    private @Nullable Ending ending;
    private volatile boolean discarded;

    /**
     * The timer, the threads and the guard that pods share.
     *
     * @param workers for what waits
     * @param epoch the timer's nanoseconds at the rehearsal's start
     * @param guard kills what is left where this process is killed
     */
    public record Kubelet(Time time, ExecutorService workers, long epoch, OrphanGuard guard) {
        /** Returns the time since the rehearsal's start. */
        public Duration now() {
            return Duration.ofNanos(time.nanoTime() - epoch);
        }
    }

    private RehearsedPod(String name, PodTemplate template, Kubelet kubelet, PodListener listener) throws IOException {
        this.name = name;
        this.template = template;
        this.kubelet = kubelet;
        this.listener = listener;
        this.history = new PodHistory(name);
        PodPorts ports = PodPorts.find();
        this.context = new PodContext(ports, PodVariables.of(template, ports, name));
        this.program = SpawnedProgram.start(
                template.command().stream().map(ports::fill).toList(), context.variables());
        this.readiness = new Readiness(this, template, kubelet);
    }

    /**
     * Starts one.
     *
     * @throws IOException where its program cannot be executed; the message says why
     */
    public static RehearsedPod start(String name, PodTemplate template, Kubelet kubelet, PodListener listener)
            throws IOException {
        RehearsedPod pod = new RehearsedPod(name, template, kubelet, listener);
        pod.output.follow(pod.program.process().getInputStream(), name);
        kubelet.guard().started(pod.program.process().pid());
        pod.note(PodEvent.Kind.STARTED, "pid " + pod.program.process().pid());
        pod.awaitExit();
        pod.readiness.begin();
        return pod;
    }

    private void awaitExit() {
        CompletableFuture<Void> unused = program.process().onExit().thenAccept(process -> kubelet.time()
                .schedule(Duration.ZERO, () -> exited(process.exitValue())));
    }

    /** Returns its name. */
    public String name() {
        return name;
    }

    /** Returns the port for clients. */
    public int port() {
        return context.ports().serving();
    }

    /** Returns what has happened to it. */
    public PodHistory history() {
        return history;
    }

    /** Returns the last lines that it has written. */
    public List<String> lastLines() {
        return output.lines(!program.process().isAlive());
    }

    PodContext context() {
        return context;
    }

    void note(PodEvent.Kind kind, String detail) {
        history.add(kind, kubelet.now(), detail);
    }

    void becameReady() {
        if (ending == null && !discarded) {
            note(PodEvent.Kind.READY, "");
            listener.ready(this);
        }
    }

    void becameUnready(String why) {
        if (ending == null && !discarded) {
            note(PodEvent.Kind.UNREADY, why);
            listener.unready(this);
        } else if (!discarded) {
            listener.unserving(this);
        }
    }

    void failed(String why) {
        if (ending == null && !discarded) {
            discard();
            listener.failed(this, why);
        }
    }

    /** Begins its end. The withdrawal is not its own affair. */
    public void end() {
        readiness.ending();
        note(PodEvent.Kind.ENDING, "");
        ending = new Ending(kubelet.time(), template.grace(), new EndingSteps());
    }

    /** Kills it because it is not needed any more: nothing of that is told to anybody. Thread-safe. */
    public void discard() {
        discarded = true;
        program.kill();
    }

    private void exited(int code) {
        readiness.stop();
        kubelet.guard().exited(program.process().pid());
        // Whoever it has started ends with it: PID 1 takes its container along.
        program.kill();
        if (discarded) {
            return;
        }
        note(PodEvent.Kind.EXITED, "exit code " + code);
        Ending begun = ending;
        if (begun == null) {
            discarded = true;
            listener.failed(this, "ended by itself with exit code " + code);
        } else {
            begun.exited();
            listener.gone(this);
        }
    }

    /** The kubelet's steps to end this pod. */
    private final class EndingSteps implements Ending.Steps {
        private @Nullable Future<?> hook;

        @Override
        public void startPreStop() {
            Optional<PodAction> action = template.preStop();
            if (action.isEmpty()) {
                // In a turn of its own: the ending is not yet known to anybody.
                kubelet.time().schedule(Duration.ZERO, RehearsedPod.this::preStopEnded);
                return;
            }
            hook = kubelet.workers().submit(() -> {
                String outcome = runHook(action.get());
                kubelet.time().schedule(Duration.ZERO, () -> {
                    note(PodEvent.Kind.PRE_STOP_ENDED, outcome);
                    preStopEnded();
                });
            });
        }

        private String runHook(PodAction action) {
            try {
                return action.run(context, template.grace())
                        .map(answer -> answer.status() < 400 ? "" : "failed: answered " + answer.status())
                        .orElse("");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "ended with the grace period";
            } catch (Exception e) {
                return "failed: " + e.getMessage();
            }
        }

        @Override
        public void stopPreStop() {
            Future<?> begun = hook;
            if (begun != null) {
                begun.cancel(true);
            }
        }

        @Override
        public void terminate() {
            ProcessHandle process = program.process().toHandle();
            if (template.underInit() || SignalHandlers.takesTerm(process.pid())) {
                note(PodEvent.Kind.TERM_SENT, "");
                process.destroy();
            } else {
                note(PodEvent.Kind.TERM_WITHOUT_HANDLER, "");
            }
        }

        @Override
        public void kill() {
            note(PodEvent.Kind.KILL_SENT, "");
            program.kill();
        }
    }

    private void preStopEnded() {
        Ending begun = ending;
        if (begun != null) {
            begun.preStopEnded();
        }
    }
}
