package dev.lastcall.run.toolcall;

import dev.lastcall.drain.Time;
import dev.lastcall.model.TraceHeaders;
import dev.lastcall.run.event.OpenCall;
import dev.lastcall.tool.Tool;
import dev.lastcall.tool.ToolAnswer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One call of a tool, from the ledger and back to it: intent, call, outcome. Each step begins only after the one before is durable.
 *
 * <ul>
 *   <li>The pod dies, or the run is taken away, between intent and outcome: whoever comes next finds the intent. It calls an idempotent tool
 *       again, with the same key; of any other it says that the outcome is unknown.
 *   <li>The lease is not sure: neither the intent nor the call begins. It is asked at the last moment, by the clock, because the news of it
 *       may be late; a pod that is stopped just after that may still call, which is why the outcome is unknown to the next owner and not "not called".
 *   <li>The ledger does not answer: written again until it does. Its writes bear that.
 *   <li>Stopped at any moment: the connection is closed, and what comes afterwards is dropped.
 *   <li>The outcome is unknown to ourselves (time limit, broken connection): an idempotent tool is called once more.
 * </ul>
 *
 * Thread-safe; ledger, tool and owner are called outside the monitor.
 */
public final class ToolInvocation {
    private static final Logger LOG = Logger.getLogger(ToolInvocation.class);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int ATTEMPTS = 2;

    /** Receives the outcome of a call. Called on any thread. */
    interface InvocationListener {
        /** Whether an effect may begin now. */
        boolean mayBegin();

        /** The outcome is in the ledger. */
        void told(OpenCall call, ToolOutput output);

        /** The run is another's. */
        void fenced();
    }

    /** The run, under this claim, and what its log lines tell of its trace. */
    public record Claim(UUID run, int epoch, TraceHeaders trace) {}

    private final Claim claim;
    private final OpenCall call;
    private final @Nullable Tool tool;
    private final ToolLedger ledger;
    private final Time time;
    private final InvocationListener owner;

    private @Nullable Runnable held;
    private @Nullable CompletableFuture<ToolAnswer> calling;
    private boolean begun;
    private boolean stopped;
    private int attempts;

    /** @param tool null where it is not declared here any more: then it is not called */
    ToolInvocation(Claim claim, OpenCall call, @Nullable Tool tool, Toolbox toolbox, InvocationListener owner) {
        this.claim = claim;
        this.call = call;
        this.tool = tool;
        ledger = toolbox.ledger();
        time = toolbox.time();
        this.owner = owner;
    }

    /** @param standing what an earlier owner wrote; null: nothing */
    void begin(@Nullable ToolCall standing) {
        if (standing == null) {
            whenSure(() -> write(() -> ledger.intend(claim.run(), claim.epoch(), call.item(), hash()), this::send));
        } else if (standing.state() == ToolCall.State.DONE) {
            tell(standing.result() == null ? lost() : ToolOutput.decode(standing.result()));
        } else if (standing.state() == ToolCall.State.UNKNOWN) {
            tell(lost());
        } else if (isRepeatable()) {
            whenSure(() -> write(() -> ledger.retake(claim.run(), claim.epoch(), call.item()), this::send));
        } else {
            giveUp(lost());
        }
    }

    private static ToolOutput lost() {
        return ToolOutput.unknown(
                "the pod that called the tool was lost before the answer was written down, and it was not called again");
    }

    /** Whether it may be under way. */
    synchronized boolean isUnderWay() {
        return begun;
    }

    /** Whether another owner could simply do it again. */
    boolean isRepeatable() {
        return tool != null && tool.idempotent();
    }

    private void whenSure(Runnable step) {
        boolean sure = owner.mayBegin();
        synchronized (this) {
            if (stopped) {
                return;
            }
            held = sure ? null : step;
            begun |= sure;
        }
        if (sure) {
            step.run();
        } else {
            // The lease may be sure again without anybody having been told that it was not.
            time.schedule(RETRY, this::proceed);
        }
    }

    /** The lease may be sure again. */
    void proceed() {
        Runnable step;
        synchronized (this) {
            step = held;
            held = null;
        }
        if (step != null) {
            whenSure(step);
        }
    }

    private void write(Supplier<CompletionStage<ToolWrite>> entry, Runnable then) {
        entry.get().whenComplete((result, failure) -> {
            if (isStopped()) {
                return;
            }
            if (result instanceof ToolWrite.Written) {
                then.run();
            } else if (result instanceof ToolWrite.Refused refused) {
                begin(refused.standing());
            } else if (failure == null) {
                owner.fenced();
            } else {
                time.schedule(RETRY, () -> {
                    if (!isStopped()) {
                        write(entry, then);
                    }
                });
            }
        });
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private void send() {
        whenSure(() -> {
            CompletableFuture<ToolAnswer> answer =
                    Objects.requireNonNull(tool, call.name()).call(call.item(), call.arguments());
            boolean late;
            synchronized (this) {
                attempts++;
                calling = answer;
                late = stopped;
            }
            if (late) {
                answer.cancel(false);
            }
            hear(answer);
        });
    }

    private void hear(CompletionStage<ToolAnswer> answer) {
        answer.whenComplete((said, failure) -> {
            if (!isStopped()) {
                answered(said == null ? new ToolAnswer.Unknown("the call failed here") : said);
            }
        });
    }

    private void answered(ToolAnswer answer) {
        ToolOutput output = ToolOutput.of(answer);
        if (!(answer instanceof ToolAnswer.Unknown)) {
            write(() -> ledger.done(claim.run(), claim.epoch(), call.item(), output.encode()), () -> tell(output));
        } else if (isRepeatable() && attempts() < ATTEMPTS) {
            send();
        } else {
            giveUp(output);
        }
    }

    private synchronized int attempts() {
        return attempts;
    }

    private void giveUp(ToolOutput output) {
        claim.trace()
                .logged(() -> LOG.warnf(
                        "the outcome of a tool call is unknown run=%s call=%s tool=%s",
                        claim.run(), call.item(), call.name()));
        write(() -> ledger.unknown(claim.run(), claim.epoch(), call.item()), () -> tell(output));
    }

    private void tell(ToolOutput output) {
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            begun = false;
        }
        owner.told(call, output);
    }

    /** Stops the call; its outcome is not reported any more. */
    void stop() {
        CompletableFuture<ToolAnswer> cancelled;
        synchronized (this) {
            stopped = true;
            begun = false;
            held = null;
            cancelled = calling;
        }
        if (cancelled != null) {
            cancelled.cancel(false);
        }
    }

    private String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] named = (call.name() + "\n" + call.arguments()).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(digest.digest(named));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: in every JDK)", e);
        }
    }
}
