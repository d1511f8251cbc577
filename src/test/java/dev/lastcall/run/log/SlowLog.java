package dev.lastcall.run.log;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A log whose answers come when the test says so, as a database's do; and that other pods share where it is told to be durable. */
public final class SlowLog implements RunLog {
    public final Queue<Runnable> answers = new ArrayDeque<>();
    public boolean slow;
    public boolean reachable = true;
    public boolean durable = true;
    public int reads;
    private final RunLog log;

    public SlowLog(RunLog log) {
        this.log = log;
    }

    /** Completes all pending calls, and those that are made meanwhile. */
    public void answerAll() {
        for (Runnable next = answers.poll(); next != null; next = answers.poll()) {
            next.run();
        }
    }

    private <T> CompletionStage<T> later(java.util.function.Supplier<CompletionStage<T>> action) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean fails = !reachable;
        Runnable act = () -> {
            if (fails) {
                answer.completeExceptionally(new IllegalStateException("cut off"));
            } else {
                action.get().thenAccept(answer::complete);
            }
        };
        if (slow) {
            answers.add(act);
        } else {
            act.run();
        }
        return answer;
    }

    @Override
    public boolean durable() {
        return durable;
    }

    @Override
    public CompletionStage<AppendResult> append(Batch batch) {
        return later(() -> log.append(batch));
    }

    @Override
    public CompletionStage<Optional<Page>> read(UUID run, int after, int limit) {
        reads++;
        return later(() -> log.read(run, after, limit));
    }

    @Override
    public CompletionStage<Map<UUID, Head>> heads(Collection<UUID> runs) {
        return later(() -> log.heads(runs));
    }

    @Override
    public CompletionStage<InsertResult> insert(NewRun run) {
        return later(() -> log.insert(run));
    }

    @Override
    public CompletionStage<Optional<RunMeta>> meta(UUID run) {
        return later(() -> log.meta(run));
    }

    @Override
    public CompletionStage<Optional<Claimed>> seize(UUID run) {
        return later(() -> log.seize(run));
    }

    @Override
    public CompletionStage<Boolean> delete(UUID run) {
        return later(() -> log.delete(run));
    }

    @Override
    public CompletionStage<Void> noteHandoff(UUID run, String handoff) {
        return later(() -> log.noteHandoff(run, handoff));
    }
}
