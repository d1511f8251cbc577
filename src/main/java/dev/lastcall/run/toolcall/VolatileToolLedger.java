package dev.lastcall.run.toolcall;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A ledger that stores nothing, for runs in memory: no other pod takes them over, so nobody would read it. */
public final class VolatileToolLedger implements ToolLedger {
    @Override
    public CompletionStage<ToolWrite> intend(UUID run, int epoch, String call, String argsHash) {
        return written();
    }

    @Override
    public CompletionStage<ToolWrite> retake(UUID run, int epoch, String call) {
        return written();
    }

    @Override
    public CompletionStage<ToolWrite> done(UUID run, int epoch, String call, String result) {
        return written();
    }

    @Override
    public CompletionStage<ToolWrite> unknown(UUID run, int epoch, String call) {
        return written();
    }

    @Override
    public CompletionStage<List<ToolCall>> calls(UUID run) {
        return CompletableFuture.completedFuture(List.of());
    }

    private static CompletionStage<ToolWrite> written() {
        return CompletableFuture.completedFuture(new ToolWrite.Written());
    }
}
