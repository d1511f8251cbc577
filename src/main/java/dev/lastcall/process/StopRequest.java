package dev.lastcall.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One stop of a program, as systemd's {@code KillMode=mixed}: its main process is asked and ends its own workers; what is left of all at the
 * end is killed. Only who lived when the stop began is ever asked: what a program starts to clean up is not to be disturbed. A main process
 * that was ended by the signal itself has told nobody (a shell in front of the program): then the others are asked. Not thread-safe.
 */
final class StopRequest {
    /** The interval at which ends of processes are looked for that are not our children: the kernel reports an end to the parent alone. */
    private static final Duration PACE = Duration.ofMillis(20);
    /** A look at a machine with many processes takes time: this many times longer is waited, so that looking costs a fifth of a CPU at most. */
    private static final int LOOK_SHARE = 4;

    private static final Duration KILL_LIMIT = Duration.ofSeconds(1);

    private final ProcessTree tree;
    private final StopPlan plan;
    private final long begin = System.nanoTime();
    private final List<ProcessHandle> first;
    private final List<ProcessHandle> asked = new ArrayList<>();
    private boolean othersAsked;
    private boolean secondSent;

    StopRequest(ProcessTree tree, StopPlan plan) {
        this.tree = tree;
        this.plan = plan;
        first = tree.living();
    }

    /** Returns how many had to be killed. */
    int run() throws InterruptedException {
        boolean mainLives = first.contains(tree.root());
        othersAsked = plan.wholeTree() || !mainLives;
        ask(othersAsked ? first : List.of(tree.root()));
        if (awaitEnd(plan.timeout())) {
            return 0;
        }
        int killed = tree.kill();
        awaitKilled();
        return killed;
    }

    private void ask(List<ProcessHandle> processes) {
        asked.addAll(processes);
        send(plan.signal(), processes);
    }

    /** Sends the signal, with a CONT for stopped processes, which would get it only at the KILL. */
    private static void send(UnixSignal signal, List<ProcessHandle> processes) {
        SignalSender.send(signal, processes);
        List<ProcessHandle> stopped = processes.stream()
                .filter(each -> ProcessTable.row(each.pid())
                        .map(ProcessTable.Row::isStopped)
                        .orElse(false))
                .toList();
        if (!stopped.isEmpty()) {
            SignalSender.send(UnixSignal.CONT, stopped);
        }
    }

    private boolean awaitEnd(Duration timeout) throws InterruptedException {
        long look = System.nanoTime();
        List<ProcessHandle> left = tree.living();
        while (!left.isEmpty() && left(timeout) > 0) {
            sendWhatIsDue(left);
            await(left.contains(tree.root()), System.nanoTime() - look, left(nextLimit(timeout)));
            look = System.nanoTime();
            left = tree.living();
        }
        return left.isEmpty();
    }

    private void sendWhatIsDue(List<ProcessHandle> left) {
        if (!othersAsked && tree.exitCode().filter(plan.signal()::ended).isPresent()) {
            othersAsked = true;
            ask(first.stream().filter(left::contains).toList());
        }
        if (!secondSent && plan.second().isPresent() && left(plan.secondAfter()) <= 0) {
            secondSent = true;
            send(plan.second().get(), asked.stream().filter(left::contains).toList());
        }
    }

    private Duration nextLimit(Duration timeout) {
        boolean secondIsNext =
                !secondSent && plan.second().isPresent() && plan.secondAfter().compareTo(timeout) < 0;
        return secondIsNext ? plan.secondAfter() : timeout;
    }

    private long left(Duration limit) {
        return limit.toNanos() - (System.nanoTime() - begin);
    }

    private void await(boolean mainLives, long lookTook, long limit) throws InterruptedException {
        if (mainLives) {
            awaitMain(limit);
        } else {
            long pause = Math.max(PACE.toNanos(), lookTook * LOOK_SHARE);
            TimeUnit.NANOSECONDS.sleep(Math.max(0, Math.min(pause, limit)));
        }
    }

    private void awaitMain(long nanos) throws InterruptedException {
        try {
            tree.program().onExit().get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Then it is among those that are left.
        }
    }

    private void awaitKilled() throws InterruptedException {
        long end = System.nanoTime() + KILL_LIMIT.toNanos();
        List<ProcessHandle> left = tree.living();
        while (!left.isEmpty() && System.nanoTime() - end < 0) {
            left.forEach(ProcessHandle::destroyForcibly);
            TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
            left = tree.living();
        }
    }
}
