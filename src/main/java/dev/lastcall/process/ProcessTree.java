package dev.lastcall.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A program with all that it has started. A process whose parent has ended belongs to init, and no list of descendants has it any more: it is still
 * in the program's session or still carries its mark. Without {@code /proc} (macOS) such a one is found only where it was seen before. Each look
 * reads the table of processes once, whatever the number of members. The result is a snapshot: the kill looks again until it finds nobody new.
 * Thread-safe.
 */
final class ProcessTree {
    /** A program that forks faster than it can be killed is not caught by one more round. */
    private static final int ROUNDS = 10;

    private static final long UNKNOWN = -1;

    private final Process program;
    private final ProcessHandle root;
    private final long rootStart;
    private final boolean leadsSession;
    private final String mark;
    private final Map<Long, Member> members = new ConcurrentHashMap<>();
    private final Set<Member> ended = ConcurrentHashMap.newKeySet();
    /** Processes whose variables have been read and are not ours, with their start. Guarded by this. */
    private Map<Long, Long> strangers = new HashMap<>();

    private record Member(ProcessHandle process, long startTicks) {
        boolean isIn(ProcessTable table) {
            return table.find(process.pid())
                    .filter(row -> !row.isZombie())
                    .map(row -> startTicks == UNKNOWN ? process.isAlive() : row.startTicks() == startTicks)
                    .orElse(false);
        }

        boolean lives() {
            return ProcessTree.lives(process);
        }
    }

    /**
     * Knows the root alone at first.
     *
     * @param leadsSession whether the root is the leader of a session of its own
     * @param mark the variable that only they have in their environment
     */
    ProcessTree(Process program, boolean leadsSession, String mark) {
        this.program = program;
        root = program.toHandle();
        rootStart = ProcessTable.row(root.pid())
                .map(ProcessTable.Row::startTicks)
                .filter(start -> program.isAlive())
                .orElse(UNKNOWN);
        this.leadsSession = leadsSession;
        this.mark = '\0' + mark + '\0';
        members.put(root.pid(), new Member(root, rootStart));
    }

    Process program() {
        return program;
    }

    ProcessHandle root() {
        return root;
    }

    /** Returns the processes that have not ended. */
    List<ProcessHandle> living() {
        return living(ProcessTable.read());
    }

    /** Returns the processes that had not ended in this snapshot. */
    synchronized List<ProcessHandle> living(ProcessTable table) {
        if (table.isEmpty()) {
            members.values().stream()
                    .filter(Member::lives)
                    .flatMap(each -> each.process().descendants())
                    .toList()
                    .forEach(each -> members.putIfAbsent(each.pid(), new Member(each, UNKNOWN)));
            return members.values().stream()
                    .filter(Member::lives)
                    .map(Member::process)
                    .toList();
        }
        find(table);
        return members.values().stream()
                .filter(each -> each.isIn(table))
                .map(Member::process)
                .toList();
    }

    /**
     * Whether somebody lives of those who were found; the table of processes is not read for it. Each that has ended is asked once, so
     * that many members cost no more than a look at each.
     */
    boolean anyKnownLives() {
        for (Member each : members.values()) {
            if (!ended.contains(each)) {
                if (each.lives()) {
                    return true;
                }
                ended.add(each);
            }
        }
        return false;
    }

    /** Whether one of these has not ended; asked of itself. */
    static boolean lives(ProcessHandle process) {
        return process.isAlive() && !ProcessTable.isZombie(process);
    }

    private void find(ProcessTable table) {
        boolean sessionIsOurs = leadsSession && isNumberOurs(table);
        Map<Long, Long> seen = new HashMap<>();
        Map<Long, List<ProcessTable.Row>> children = new HashMap<>();
        Deque<Long> parents = new ArrayDeque<>();
        for (ProcessTable.Row row : table.rows()) {
            children.computeIfAbsent(row.parent(), parent -> new ArrayList<>()).add(row);
            if (isMember(row) || belongs(row, sessionIsOurs, seen)) {
                add(row);
                parents.add(row.pid());
            }
        }
        strangers = seen;
        while (!parents.isEmpty()) {
            for (ProcessTable.Row child : children.getOrDefault(parents.remove(), List.of())) {
                if (!isMember(child)) {
                    add(child);
                    parents.add(child.pid());
                }
            }
        }
    }

    private boolean isMember(ProcessTable.Row row) {
        Member member = members.get(row.pid());
        return member != null && member.startTicks() == row.startTicks();
    }

    private void add(ProcessTable.Row row) {
        if (!isMember(row)) {
            // Gone since the look: then there is nothing to end.
            ProcessHandle.of(row.pid())
                    .ifPresent(process -> members.put(row.pid(), new Member(process, row.startTicks())));
        }
    }

    private boolean belongs(ProcessTable.Row row, boolean sessionIsOurs, Map<Long, Long> seen) {
        if (sessionIsOurs && row.session() == root.pid()) {
            return true;
        }
        if (row.isZombie()) {
            return false;
        }
        if (Long.valueOf(row.startTicks()).equals(strangers.get(row.pid()))) {
            seen.put(row.pid(), row.startTicks());
            return false;
        }
        String variables = ProcessTable.environment(row.pid());
        boolean ours = variables.contains(mark);
        // In the middle of an exec there are none for a moment.
        if (!ours && variables.length() > 2) {
            seen.put(row.pid(), row.startTicks());
        }
        return ours;
    }

    /** A session's number is its leader's pid; once all of a session have ended, the next process may get that number. */
    private boolean isNumberOurs(ProcessTable table) {
        return table.find(root.pid()).map(row -> row.startTicks() == rootStart).orElse(true);
    }

    /** The main process' exit code, once it has ended. */
    Optional<Integer> exitCode() {
        return exitCode(Duration.ZERO);
    }

    /** The main process' exit code, if it ends within this time; an interrupt ends the wait. */
    Optional<Integer> exitCode(Duration wait) {
        try {
            return program.waitFor(wait.toNanos(), TimeUnit.NANOSECONDS)
                    ? Optional.of(program.exitValue())
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * Sends SIGKILL to all, without waiting for their end; returns how many there were. Known processes are killed first, without a look at anything
     * else and without waiting for anybody: there may be no time for more.
     */
    int kill() {
        Set<ProcessHandle> killed = new HashSet<>();
        killKnown(root, killed);
        members.values().forEach(each -> killKnown(each.process(), killed));
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

    private static void killKnown(ProcessHandle process, Set<ProcessHandle> killed) {
        if (process.isAlive() && !ProcessTable.isZombie(process)) {
            process.destroyForcibly();
            killed.add(process);
        }
    }

    /**
     * Asks as planned, and sends SIGKILL to those that live on after the timeout, or when this thread is interrupted.
     *
     * @return how many had to be killed
     * @throws InterruptedException after the kill
     */
    int stop(StopPlan plan) throws InterruptedException {
        try {
            return new StopRequest(this, plan).run();
        } catch (InterruptedException e) {
            kill();
            throw e;
        }
    }
}
