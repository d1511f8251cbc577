package dev.lastcall.process;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program with all that it has started. Somebody whose parent has ended belongs to init, and no list of descendants has it any more: it
 * is still in the program's session or still carries its mark. Without {@code /proc} (macOS) such a one is found only where it was seen
 * before. What is found is a snapshot: everything here looks again until it finds nobody new. Thread-safe.
 */
final class ProcessTree {
    /** How often the end of somebody else's child is looked for: the kernel tells it to its parent alone. */
    private static final Duration PACE = Duration.ofMillis(20);

    private static final Duration KILL_LIMIT = Duration.ofSeconds(1);
    /** A program that forks faster than it can be killed is not caught by one more round. */
    private static final int ROUNDS = 10;

    private final ProcessHandle root;
    private final boolean leadsSession;
    private final String mark;
    private final Set<ProcessHandle> members = new LinkedHashSet<>();

    /**
     * @param leadsSession whether the root is the leader of a session of its own
     * @param mark the variable that only they have in their environment
     */
    ProcessTree(ProcessHandle root, boolean leadsSession, String mark) {
        this.root = root;
        this.leadsSession = leadsSession;
        this.mark = mark;
        members.add(root);
    }

    /** Who has not ended. */
    synchronized List<ProcessHandle> living() {
        boolean ours = leadsSession && isNumberOurs();
        Stream.concat(
                        ProcessHandle.allProcesses().filter(each -> belongs(each, ours)),
                        members.stream().filter(ProcessTree::lives).flatMap(ProcessHandle::descendants))
                .toList()
                .forEach(members::add);
        return members.stream().filter(ProcessTree::lives).toList();
    }

    private boolean belongs(ProcessHandle process, boolean sessionIsOurs) {
        boolean inSession = sessionIsOurs && ProcessTable.session(process).orElse(-1) == root.pid();
        return inSession || ProcessTable.hasVariable(process, mark);
    }

    /** A session's number is its leader's pid; once all of a session have ended, the next process may get that number. */
    private boolean isNumberOurs() {
        return ProcessHandle.of(root.pid()).map(root::equals).orElse(true);
    }

    private static boolean lives(ProcessHandle process) {
        return process.isAlive() && !ProcessTable.isZombie(process);
    }

    /**
     * SIGTERM to all, and SIGKILL to those that live on after the timeout, or when this thread is interrupted.
     *
     * @return how many had to be killed
     * @throws InterruptedException after the kill
     */
    int stop(Duration timeout) throws InterruptedException {
        try {
            if (awaitEnd(timeout, ProcessHandle::destroy)) {
                return 0;
            }
            int killed = kill();
            awaitEnd(KILL_LIMIT, ProcessHandle::destroyForcibly);
            return killed;
        } catch (InterruptedException e) {
            kill();
            throw e;
        }
    }

    /** SIGKILL to all, without waiting for their end; returns how many there were. */
    int kill() {
        Set<ProcessHandle> killed = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> found =
                    living().stream().filter(each -> !killed.contains(each)).toList();
            if (found.isEmpty()) {
                break;
            }
            found.forEach(ProcessHandle::destroyForcibly);
            killed.addAll(found);
        }
        return killed.size();
    }

    private interface Signal {
        boolean send(ProcessHandle process);
    }

    /** Signals everybody once, also those who come meanwhile; whether all have ended. */
    private boolean awaitEnd(Duration timeout, Signal signal) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        Set<ProcessHandle> told = new HashSet<>();
        List<ProcessHandle> left = living();
        while (!left.isEmpty() && System.nanoTime() - end < 0) {
            left.stream().filter(told::add).forEach(signal::send);
            if (left.contains(root)) {
                awaitRoot(end - System.nanoTime());
            } else {
                TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
            }
            left = living();
        }
        return left.isEmpty();
    }

    private void awaitRoot(long nanos) throws InterruptedException {
        try {
            root.onExit().get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Then it is among those that are left.
        }
    }
}
