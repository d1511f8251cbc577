package dev.lastcall.run.toolcall;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A ledger of one run that outlives its owners, and that can be away or taken. */
public final class ManualLedger implements ToolLedger {
    final Map<String, ToolCall> entries = new LinkedHashMap<>();
    public boolean reachable = true;
    public boolean taken;
    private final List<String> journal;

    public ManualLedger(List<String> journal) {
        this.journal = journal;
    }

    public ToolCall only() {
        return entries.values().iterator().next();
    }

    @Override
    public CompletionStage<ToolWrite> intend(UUID run, int epoch, String call, String argsHash) {
        ToolCall standing = entries.get(call);
        if (reachable && !taken && standing != null) {
            return CompletableFuture.completedFuture(new ToolWrite.Refused(standing));
        }
        return write("intend", new ToolCall(call, epoch, argsHash, ToolCall.State.INTENT, null));
    }

    @Override
    public CompletionStage<ToolWrite> retake(UUID run, int epoch, String call) {
        return write("retake", new ToolCall(call, epoch, hash(call), ToolCall.State.INTENT, null));
    }

    @Override
    public CompletionStage<ToolWrite> done(UUID run, int epoch, String call, String result) {
        return write("done", new ToolCall(call, epoch, hash(call), ToolCall.State.DONE, result));
    }

    @Override
    public CompletionStage<ToolWrite> unknown(UUID run, int epoch, String call) {
        return write("unknown", new ToolCall(call, epoch, hash(call), ToolCall.State.UNKNOWN, null));
    }

    private String hash(String call) {
        @Nullable ToolCall standing = entries.get(call);
        return standing == null ? "" : standing.argsHash();
    }

    private CompletionStage<ToolWrite> write(String word, ToolCall entry) {
        if (!reachable) {
            return CompletableFuture.failedFuture(new IllegalStateException("cut off"));
        }
        if (taken) {
            return CompletableFuture.completedFuture(new ToolWrite.Fenced());
        }
        journal.add(word);
        entries.put(entry.call(), entry);
        return CompletableFuture.completedFuture(new ToolWrite.Written());
    }

    @Override
    public CompletionStage<List<ToolCall>> calls(UUID run) {
        return reachable
                ? CompletableFuture.completedFuture(new ArrayList<>(entries.values()))
                : CompletableFuture.failedFuture(new IllegalStateException("cut off"));
    }
}
