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

    /** Newcomers are looked for, in the whole table of processes, only when all who are known have ended. */
    private boolean awaitEnd(Duration timeout) throws InterruptedException {
        boolean someLive = true;
        while (someLive && left(timeout) > 0) {
            if (tree.anyKnownLives()) {
                sendWhatIsDue();
                await(left(nextLimit(timeout)));
            } else {
                someLive = !tree.living().isEmpty();
            }
        }
        return !someLive || tree.living().isEmpty();
    }

    private void sendWhatIsDue() {
        if (!othersAsked && tree.exitCode().filter(plan.signal()::ended).isPresent()) {
            othersAsked = true;
            ask(first.stream().filter(ProcessTree::lives).toList());
        }
        if (!secondSent && plan.second().isPresent() && left(plan.secondAfter()) <= 0) {
            secondSent = true;
            send(plan.second().get(), asked.stream().filter(ProcessTree::lives).toList());
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

    private void await(long limit) throws InterruptedException {
        if (ProcessTree.lives(tree.root())) {
            awaitMain(limit);
        } else {
            TimeUnit.NANOSECONDS.sleep(Math.max(0, Math.min(PACE.toNanos(), limit)));
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
