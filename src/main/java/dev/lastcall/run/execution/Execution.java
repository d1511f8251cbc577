package dev.lastcall.run.execution;

import dev.lastcall.drain.Time;
import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelFailure;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.TraceHeaders;
import dev.lastcall.run.event.OpenCall;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.toolcall.ToolInvocation;
import dev.lastcall.run.toolcall.ToolInvocations;
import dev.lastcall.run.toolcall.ToolOutput;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One claim of one run, from the model and its tools to the log: asks the model, has its tool calls carried out, and ends both. What is said,
 * and what follows from it, is the {@link Conversation}'s.
 *
 * <ul>
 *   <li>The end is decided once, under the monitor: by the model, a limit, a hand-off or a fence, whichever comes first; what the model says
 *       after it is dropped.
 *   <li>Given away or fenced before it has begun: it never asks the model.
 *   <li>Stopped while it begins to ask: the end is decided outside the monitor then, and the work is stopped under it, so that what has begun
 *       meanwhile is found.
 *   <li>Too much pending ({@link Outbox}), or suspended: the model is asked for nothing more; it may still say what it was asked for.
 *   <li>The model dies in the middle: it is asked to go on, as another owner would, within the bounds of {@link Continuations}.
 *   <li>Tool calls of the model are written with the end of its turn, all in one batch, and carried out once that is committed: no owner
 *       finds a part of them, and none makes an effect that the log does not know of.
 * </ul>
 *
 * Model, outbox and owner are called outside the monitor, but for {@link Outbox#add} and {@link Outbox#end}, which call nobody. Thread-safe.
 */
final class Execution implements Turn.TurnListener, ToolInvocations.InvocationsListener, Outbox.AppendListener {
    private static final Logger LOG = Logger.getLogger(Execution.class);

    private final UUID run;
    private final int epoch;
    private final ExecutionContext context;
    private final Consumer<ExecutionOutcome> onOver;
    private final LongConsumer onRespent;
    private final Outbox outbox;
    private final Conversation conversation;

    // Guarded by the monitor, as the conversation is.
    private @Nullable Turn turn;
    private @Nullable ToolInvocations calls;
    private Time.@Nullable Alarm deadline;
    private boolean suspended;

    Execution(UUID run, int epoch, int nextSeq, ExecutionContext context, Consumer<ExecutionOutcome> onOver) {
        this(run, epoch, nextSeq, context, onOver, tokens -> {});
    }

    /**
     * @param onOver called once, when nothing more will be written
     * @param onRespent takes the tokens that the model reads or says once more, at each continuation
     */
    Execution(
            UUID run,
            int epoch,
            int nextSeq,
            ExecutionContext context,
            Consumer<ExecutionOutcome> onOver,
            LongConsumer onRespent) {
        this.run = run;
        this.epoch = epoch;
        this.context = context;
        this.onOver = onOver;
        this.onRespent = onRespent;
        outbox = new Outbox(run, epoch, nextSeq, context, this);
        conversation = new Conversation(context, outbox);
    }

    int epoch() {
        return epoch;
    }

    /** Asks the model, unless it is over already. */
    void begin(ResponseEventWriter opened, ModelRequest asks, List<Row> first, Instant latest) {
        begin(opened, asks, asks, first, latest);
    }

    /**
     * Asks the model, or goes on with calls that it made already, unless it is over.
     *
     * @param original what was asked of the run; {@code asks} is what is left of it
     */
    void begin(ResponseEventWriter opened, ModelRequest original, ModelRequest asks, List<Row> first, Instant latest) {
        List<OpenCall> open = opened.fold().turns().open();
        synchronized (this) {
            if (outbox.hasEnd()) {
                return;
            }
            conversation.open(opened, original, first);
            calls = open.isEmpty() ? null : calls(open, true);
            Duration left = Duration.between(context.time().instant(), latest);
            deadline = context.time().schedule(left, this::expire);
        }
        outbox.send();
        if (open.isEmpty()) {
            ask(asks);
        } else {
            carryOut();
        }
    }

    private ToolInvocations calls(List<OpenCall> open, boolean inherited) {
        return new ToolInvocations(
                new ToolInvocation.Claim(run, epoch, trace()), open, inherited, conversation.toolbox(), this);
    }

    /** Closes the run without asking the model. */
    void seal(ResponseEventWriter opened, Function<ResponseEventWriter, ResponseEventWriter.Ending> how) {
        synchronized (this) {
            if (outbox.hasEnd()) {
                return;
            }
            conversation.open(opened);
        }
        end(how);
    }

    private void expire() {
        refused("the run took longer than " + context.limits().maxDuration()
                + " (lastcall.run.max-duration); ask for less");
    }

    private void ask(ModelRequest asks) {
        Turn fresh = new Turn(this);
        synchronized (this) {
            if (!conversation.isOpen()) {
                return;
            }
            turn = fresh;
            conversation.asking();
        }
        try {
            context.model().answer(asks).subscribe(fresh);
        } catch (RuntimeException e) {
            fresh.onError(e);
        }
    }

    @Override
    public synchronized boolean wantsMore() {
        return !suspended && !outbox.hasEnd() && !outbox.isFull();
    }

    @Override
    public void said(ModelEvent event) {
        boolean tooMany;
        synchronized (this) {
            if (!conversation.isOpen()) {
                return;
            }
            conversation.said(event);
            tooMany = conversation.isFull();
        }
        if (tooMany) {
            refused("the run said " + context.limits().maxTokens() + " tokens (lastcall.run.max-tokens); ask for less");
        }
        outbox.send();
    }

    /** Its calls are carried out, or there are none of ours and it is the end. */
    @Override
    public void turned(ModelEvent.Finish finish, List<ModelEvent.ToolCall> made) {
        Conversation.NextStep next;
        synchronized (this) {
            next = conversation.turned(finish, made);
            if (next == Conversation.NextStep.TOOL_CALLS) {
                calls = calls(conversation.openCalls(), false);
            }
        }
        switch (next) {
            case NONE -> {}
            case FINISH -> finish(finish.reason());
            case TURN_LIMIT ->
                refused("the model was asked " + context.toolbox().maxTurns()
                        + " times and still calls tools (lastcall.run.max-turns); ask for less");
            case TOOL_CALLS -> {
                outbox.send();
                carryOut();
            }
        }
    }

    private void finish(FinishReason reason) {
        end(open -> open.finish(reason, conversation.spent(), context.time().instant()));
    }

    @Override
    public void refused(String why) {
        end(open -> open.fail("server_error", why));
    }

    @Override
    public void failed(Throwable failure) {
        Optional<Conversation.NextAttempt> next;
        synchronized (this) {
            if (!conversation.isOpen()) {
                return;
            }
            next = conversation.interrupted();
        }
        trace().logged(() -> log(failure, next.isPresent()));
        next.ifPresentOrElse(this::askAgain, () -> end(open -> failed(open, failure)));
    }

    private void askAgain(Conversation.NextAttempt next) {
        onRespent.accept(next.respent());
        outbox.send();
        // Where the run has ended meanwhile, nothing is asked.
        context.time().schedule(next.delay(), () -> ask(next.request()));
    }

    private static ResponseEventWriter.Ending failed(ResponseEventWriter open, Throwable failure) {
        return failure instanceof ModelFailure known
                ? open.fail(known)
                : open.fail("server_error", "the model failed; send the input again");
    }

    private void log(Throwable failure, boolean continued) {
        if (failure instanceof ModelFailure known) {
            // An upstream's failure says all in its words; a trace of ours would hide them.
            LOG.warnf(
                    "model failed run=%s continued=%s reason=%s cause=%s",
                    run, continued, known.detail(), known.getCause());
            LOG.debug("model failed", known);
        } else {
            LOG.warnf(failure, "model failed run=%s continued=%s", run, continued);
        }
    }

    /** Returns the trace for what is logged of this run. */
    @Override
    public synchronized TraceHeaders trace() {
        return conversation.trace();
    }

    /** Begins the calls where they are in the log. */
    private void carryOut() {
        ToolInvocations ready;
        synchronized (this) {
            ready = !outbox.hasEnd() && outbox.isEmpty() ? calls : null;
        }
        if (ready != null) {
            ready.start();
        }
    }

    @Override
    public boolean mayBegin() {
        synchronized (this) {
            if (suspended || outbox.hasEnd()) {
                return false;
            }
        }
        return context.toolbox().sure().getAsBoolean();
    }

    @Override
    public void told(OpenCall call, ToolOutput output) {
        synchronized (this) {
            if (!conversation.isOpen()) {
                return;
            }
            conversation.told(call, output);
        }
        outbox.send();
    }

    @Override
    public void carriedOut(boolean open) {
        Optional<ModelRequest> next;
        synchronized (this) {
            if (!conversation.isOpen()) {
                return;
            }
            calls = null;
            next = open ? Optional.empty() : conversation.nextTurn();
        }
        next.ifPresentOrElse(this::ask, () -> finish(FinishReason.TOOL_CALLS));
    }

    @Override
    public void fenced() {
        stop();
    }

    /** Whether a tool call may be under way: its outcome is better awaited than left to the next owner. */
    boolean isCalling() {
        ToolInvocations current = currentCalls();
        return current != null && current.isUnderWay();
    }

    /** Whether one is under way that the next owner could not make again. */
    boolean isCallingForGood() {
        ToolInvocations current = currentCalls();
        return current != null && current.isUnrepeatable();
    }

    private synchronized @Nullable ToolInvocations currentCalls() {
        return calls;
    }

    private void end(Function<ResponseEventWriter, ResponseEventWriter.Ending> how) {
        synchronized (this) {
            if (!conversation.isOpen()) {
                return;
            }
            conversation.end(how);
        }
        stopAsking();
        outbox.send();
    }

    /** Ends this execution so that another pod can claim the run; false where the end is decided already. */
    boolean handOff() {
        synchronized (this) {
            if (outbox.hasEnd()) {
                return false;
            }
            outbox.end(List.of(), RunStatus.HANDOFF);
        }
        stopAsking();
        outbox.send();
        return true;
    }

    /** Stops at once, because another pod owns the run or no time is left; nothing more is shown or asked for. */
    void stop() {
        outbox.abandon();
    }

    void suspend() {
        synchronized (this) {
            suspended = true;
        }
    }

    void resume() {
        synchronized (this) {
            suspended = false;
        }
        goOnAsking();
        ToolInvocations current = currentCalls();
        if (current != null) {
            current.proceed();
        }
    }

    private void goOnAsking() {
        Turn current;
        synchronized (this) {
            current = turn;
        }
        if (current != null) {
            current.proceed();
        }
    }

    @Override
    public void committed() {
        goOnAsking();
        carryOut();
    }

    @Override
    public void over(ExecutionOutcome how) {
        stopAsking();
        onOver.accept(how);
    }

    private void stopAsking() {
        Turn unheard;
        ToolInvocations abandoned;
        Time.Alarm alarm;
        synchronized (this) {
            unheard = turn;
            turn = null;
            abandoned = calls;
            calls = null;
            alarm = deadline;
            deadline = null;
        }
        if (abandoned != null) {
            abandoned.stop();
        }
        if (unheard != null) {
            unheard.stop();
        }
        if (alarm != null) {
            alarm.cancel();
        }
    }
}
