package dev.lastcall.drain;

import java.util.Locale;

/** The events that start a drain or join one. */
@Internal
public enum Trigger {
    PRE_STOP,
    SIGTERM,
    /** SIGTERM by another name: what a terminal that closes sends. */
    SIGHUP,
    SIGINT,
    OPERATOR,
    PROCESS_EXIT,
    /** Kubernetes says that this pod ends: what a preStop hook says too, where it arrives. */
    POD_DELETION;

    /** Termination triggers start the budget; an operator's drain has no deadline. */
    public boolean terminates() {
        return this != OPERATOR;
    }

    /** Whether the process ends when it is drained; a {@code pre-stop} and a {@code pod-deletion} still wait for their signal. */
    public boolean endsProcess() {
        return isKubelets() || this == SIGINT || this == PROCESS_EXIT;
    }

    /** Whether it shows that this process ends: a {@code pre-stop} alone may be the restart of another container, or somebody's mistake. */
    boolean isFinal() {
        return endsProcess() || this == POD_DELETION;
    }

    /** Whether it may be the signal with which the kubelet ends a pod, after its preStop hook. */
    boolean isKubelets() {
        return this == SIGTERM || this == SIGHUP;
    }

    /** The word in JSON, logs and metrics: {@code pre-stop}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
