package dev.lastcall.run.toolcall;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The effects of runs. Each write holds the run's row against a claim: an intent is either seen by the next owner or refused. A stage that
 * completes exceptionally says that nothing is known; the same call may be repeated. Thread-safe.
 */
public interface ToolLedger {
    /** Records the intent to call a tool. The call may be made only after {@link ToolWrite.Written}. */
    CompletionStage<ToolWrite> intend(UUID run, int epoch, String call, String argsHash);

    /** Takes an earlier owner's intent over, to carry out an effect that bears to be repeated. */
    CompletionStage<ToolWrite> retake(UUID run, int epoch, String call);

    /** Records the result of a call, after the effect. */
    CompletionStage<ToolWrite> done(UUID run, int epoch, String call, String result);

    /** Records that the outcome of the call is unknown and will stay so. */
    CompletionStage<ToolWrite> unknown(UUID run, int epoch, String call);

    /** All entries of a run. */
    CompletionStage<List<ToolCall>> calls(UUID run);
}
