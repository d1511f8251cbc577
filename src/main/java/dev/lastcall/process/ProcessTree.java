package dev.lastcall.process;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program with all its descendants. They are listed before the first signal, because a child whose parent has ended belongs to somebody
 * else; one that had left its parent before that (a daemon) is not found.
 */
final class ProcessTree {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(1);

    private final Set<ProcessHandle> members = new LinkedHashSet<>();

    ProcessTree(ProcessHandle root) {
        members.add(root);
        grow();
    }

    /** Adds those that were started since. */
    private void grow() {
        Stream.concat(members.stream(), members.stream().flatMap(ProcessHandle::descendants))
                .toList()
                .forEach(members::add);
    }

    /**
     * SIGTERM to all, and SIGKILL to those that live on after the timeout or an interrupt.
     *
     * @return whether nobody had to be killed
     * @throws InterruptedException after the kill
     */
    boolean stop(Duration timeout) throws InterruptedException {
        members.forEach(ProcessHandle::destroy);
        try {
            if (hasEnded(timeout)) {
                return true;
            }
            kill();
            hasEnded(KILL_LIMIT);
            return false;
        } catch (InterruptedException e) {
            kill();
            throw e;
        }
    }

    void kill() {
        grow();
        members.forEach(ProcessHandle::destroyForcibly);
    }

    private boolean hasEnded(Duration timeout) throws InterruptedException {
        var ends = members.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            grow();
            return members.stream().noneMatch(ProcessHandle::isAlive);
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }
}
