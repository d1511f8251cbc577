package dev.lastcall.run.toolcall;

import dev.lastcall.drain.Time;
import dev.lastcall.run.event.OpenCall;
import dev.lastcall.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one turn, carried out beside each other. Those of tools that are not ours are left to the client, unless the ledger says that
 * one was ours: a tool whose declaration has gone. Thread-safe; the owner is called outside the monitor.
 */
public final class ToolInvocations {
    private static final Duration RETRY = Duration.ofMillis(500);

    /** Receives the results of a turn's calls. */
    public interface InvocationsListener extends ToolInvocation.InvocationListener {
        /**
         * Called when all calls of declared tools have been reported.
         *
         * @param open whether calls are left to the client
         */
        void carriedOut(boolean open);
    }

    private final ToolInvocation.Claim claim;
    private final List<OpenCall> open;
    private final Toolbox toolbox;
    private final Time time;
    private final InvocationsListener owner;
    private final boolean inherited;

    private final List<ToolInvocation> effects = new ArrayList<>();
    private boolean started;
    private boolean stopped;
    private int left;
    private boolean clients;

    /** @param inherited whether an earlier owner may have begun them */
    public ToolInvocations(
            ToolInvocation.Claim claim,
            List<OpenCall> open,
            boolean inherited,
            Toolbox toolbox,
            InvocationsListener owner) {
        this.claim = claim;
        this.open = open;
        this.toolbox = toolbox;
        time = toolbox.time();
        this.owner = owner;
        this.inherited = inherited;
    }

    /** Begins, once: the calls are in the log. */
    public void start() {
        synchronized (this) {
            if (started || stopped) {
                return;
            }
            started = true;
        }
        if (inherited) {
            look();
        } else {
            carryOut(Map.of());
        }
    }

    private void look() {
        toolbox.ledger().calls(claim.run()).whenComplete((entries, failure) -> {
            if (failure == null) {
                carryOut(entries.stream().collect(Collectors.toMap(ToolCall::call, Function.identity())));
            } else {
                time.schedule(RETRY, () -> {
                    if (!isStopped()) {
                        look();
                    }
                });
            }
        });
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private void carryOut(Map<String, ToolCall> entries) {
        List<Runnable> begins = new ArrayList<>();
        boolean others = false;
        synchronized (this) {
            if (stopped) {
                return;
            }
            for (OpenCall call : open) {
                @Nullable Tool tool = toolbox.tools().find(call.name()).orElse(null);
                ToolCall standing = entries.get(call.item());
                if (tool == null && standing == null) {
                    others = true;
                } else {
                    ToolInvocation effect = new ToolInvocation(claim, call, tool, toolbox, new Completed());
                    effects.add(effect);
                    begins.add(() -> effect.begin(standing));
                }
            }
            left = effects.size();
            clients = others;
        }
        if (begins.isEmpty()) {
            owner.carriedOut(others);
        }
        begins.forEach(Runnable::run);
    }

    /** Counts the calls down and reports the turn's end after the last one. */
    private final class Completed implements ToolInvocation.InvocationListener {
        @Override
        public boolean mayBegin() {
            return owner.mayBegin();
        }

        @Override
        public void told(OpenCall call, ToolOutput output) {
            owner.told(call, output);
            boolean last;
            synchronized (ToolInvocations.this) {
                // Counted after it was told: whoever counts the last one knows that all the others were told before.
                left--;
                last = left == 0 && !stopped;
            }
            if (last) {
                owner.carriedOut(clients);
            }
        }

        @Override
        public void fenced() {
            owner.fenced();
        }
    }

    /** The lease may be sure again. */
    public void proceed() {
        all().forEach(ToolInvocation::proceed);
    }

    private synchronized List<ToolInvocation> all() {
        return List.copyOf(effects);
    }

    /** Whether any effect may be under way. */
    public boolean isUnderWay() {
        return all().stream().anyMatch(ToolInvocation::isUnderWay);
    }

    /** Whether one is under way that another owner could not do again. */
    public boolean isUnrepeatable() {
        return all().stream().anyMatch(effect -> effect.isUnderWay() && !effect.isRepeatable());
    }

    /** Stops all calls; nothing is reported any more. */
    public void stop() {
        synchronized (this) {
            stopped = true;
        }
        all().forEach(ToolInvocation::stop);
    }
}
