package dev.lastcall.rehearsal.pod;

import dev.lastcall.drain.Time;
import java.time.Duration;

/**
 * The end of one pod by the kubelet's rules: preStop first, SIGTERM when it has ended or the grace period has, SIGKILL at the end of the
 * grace period but never less than 2 s after SIGTERM. All calls come from one thread, the timer's.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination">Pod termination</a>
 */
final class Ending {
    /** The time that the kubelet gives a container whose hook has used up the grace period. */
    static final Duration LEAST_AFTER_TERM = Duration.ofSeconds(2);

    private final Time time;
    private final Duration grace;
    private final Steps steps;
    private final long begun;
    private boolean told;
    private boolean over;
    private Time.Alarm alarm;

    /** The kubelet's steps to end a pod. */
    interface Steps {
        /** Starts the hook; {@link Ending#preStopEnded()} is called when it has ended. */
        void startPreStop();

        /** Ends a hook that has used up the grace period. */
        void stopPreStop();

        /** Sends SIGTERM. */
        void terminate();

        /** Sends SIGKILL. */
        void kill();
    }

    /** Begins the end. */
    Ending(Time time, Duration grace, Steps steps) {
        this.time = time;
        this.grace = grace;
        this.steps = steps;
        this.begun = time.nanoTime();
        this.alarm = time.schedule(grace, this::graceEnded);
        steps.startPreStop();
    }

    /** The hook has ended, well or not: a failed hook keeps nothing up. */
    void preStopEnded() {
        if (!told && !over) {
            terminate();
        }
    }

    private void graceEnded() {
        if (!told && !over) {
            steps.stopPreStop();
            terminate();
        }
    }

    private void terminate() {
        told = true;
        alarm.cancel();
        steps.terminate();
        Duration left = grace.minusNanos(time.nanoTime() - begun);
        alarm = time.schedule(left.compareTo(LEAST_AFTER_TERM) < 0 ? LEAST_AFTER_TERM : left, this::kill);
    }

    private void kill() {
        if (!over) {
            steps.kill();
        }
    }

    /** The main process has ended: with it the container has. */
    void exited() {
        over = true;
        alarm.cancel();
    }
}
