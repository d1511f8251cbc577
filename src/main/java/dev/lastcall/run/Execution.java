package dev.lastcall.run;

import dev.lastcall.drain.Time;
import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelFailure;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One claim of one run, from the model to the log. What the model says is pending until the batch before it is decided; only what is
 * committed is fed to followers.
 *
 * <ul>
 *   <li>Commit against fence: the log decides. A batch that was fenced, and all behind it, is never shown.
 *   <li>The end is decided once, under the monitor: by the model, a limit, a hand-off or a fence, whichever comes first; what the model says
 *       after it is dropped. Rows that were pending by then go with the end's own batch, before it.
 *   <li>Hand-off while a batch is on its way: its outcome is awaited, then the status is given away with what is pending.
 *   <li>Given away or fenced before it has begun: it never asks the model.
 *   <li>More than {@value #PENDING_BYTES} bytes pending, or suspended: the model is asked for nothing more; it may still say what it was asked
 *       for, at most {@value #WINDOW} pieces.
 *   <li>The model dies in the middle: it is asked to go on, as another owner would, unless it said nothing since it was last asked.
 *   <li>Tool calls of the model are written with the end of its turn, all in one batch, and carried out once that is committed: no owner
 *       finds a part of them, and none makes an effect that the log does not know of.
 * </ul>
 *
 * Model, log, feed and owner are called outside the monitor. Thread-safe.
 */
final class Execution implements Flow.Subscriber<ModelEvent> {
    static final int PENDING_BYTES = 256 << 10;
    static final int WINDOW = 64;
    /** Of one turn; more than that is a model gone wrong. */
    private static final int MOST_CALLS = 64;
    /** Of a row, besides its text. */
    private static final int ROW_BYTES = 64;

    private static final Logger LOG = Logger.getLogger(Execution.class);

    /** How an execution was over. */
    enum Over {
        ENDED,
        HANDED_OFF,
        FENCED,
        REFUSED
    }

    private final UUID run;
    private final int epoch;
    private final Desk desk;
    private final Consumer<Over> onOver;

    private @Nullable Draft draft;
    private @Nullable ModelRequest request;
    private @Nullable Usage spent;
    private @Nullable Calls calls;
    private final List<ModelEvent.ToolCall> said = new ArrayList<>();
    private Flow.@Nullable Subscription upstream;
    private Time.@Nullable Alarm deadline;
    private List<Row> pending = new ArrayList<>();
    private int pendingBytes;
    private int nextSeq;
    private @Nullable RunStatus next;
    private int asked;
    private long saidBeforeAsking;
    private boolean appending;
    private boolean suspended;
    private boolean over;

    Execution(UUID run, int epoch, int nextSeq, Desk desk, Consumer<Over> onOver) {
        this.run = run;
        this.epoch = epoch;
        this.nextSeq = nextSeq;
        this.desk = desk;
        this.onOver = onOver;
    }

    int epoch() {
        return epoch;
    }

    /** Asks the model, unless it is over already. */
    void begin(Draft opened, ModelRequest asks, List<Row> first, Instant latest) {
        begin(opened, asks, asks, first, latest);
    }

    /**
     * Asks the model, or goes on with calls that it made already, unless it is over.
     *
     * @param original what was asked of the run; {@code asks} is what is left of it
     */
    void begin(Draft opened, ModelRequest original, ModelRequest asks, List<Row> first, Instant latest) {
        List<OpenCall> open = opened.fold().turns().open();
        synchronized (this) {
            if (hasEnd()) {
                return;
            }
            draft = opened;
            request = original;
            add(first);
            calls = open.isEmpty() ? null : calls(open, true);
            Duration left = Duration.between(desk.time().instant(), latest);
            deadline = desk.time().schedule(left, () -> expire());
        }
        pump();
        if (open.isEmpty()) {
            ask(asks);
        } else {
            carryOut();
        }
    }

    private Calls calls(List<OpenCall> open, boolean inherited) {
        return new Calls(new Effect.Claim(run, epoch), open, inherited, desk, new CallsOwner());
    }

    /** Closes the run without asking the model. */
    void seal(Draft opened, Function<Draft, Draft.Ending> how) {
        synchronized (this) {
            if (hasEnd()) {
                return;
            }
            draft = opened;
        }
        end(how);
    }

    private void expire() {
        end(open -> open.fail(
                "server_error",
                "the run took longer than " + desk.limits().maxDuration()
                        + " (lastcall.run.max-duration); ask for less"));
    }

    private boolean hasEnd() {
        return over || next != null;
    }

    private void ask(ModelRequest asks) {
        synchronized (this) {
            if (hasEnd() || draft == null) {
                return;
            }
            asked = 0;
            upstream = null;
            saidBeforeAsking = draft.fold().tokens();
        }
        try {
            desk.model().answer(asks).subscribe(new Turn(this));
        } catch (RuntimeException e) {
            onError(e);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        boolean late;
        synchronized (this) {
            late = hasEnd();
            upstream = subscription;
        }
        if (late) {
            subscription.cancel();
        } else {
            requestMore();
        }
    }

    private void requestMore() {
        Flow.Subscription source;
        int more;
        synchronized (this) {
            boolean wanted = !hasEnd() && !suspended && pendingBytes < PENDING_BYTES && asked <= WINDOW / 2;
            source = wanted ? upstream : null;
            more = WINDOW - asked;
            asked = source == null ? asked : WINDOW;
        }
        if (source != null) {
            source.request(more);
        }
    }

    @Override
    public void onNext(ModelEvent event) {
        if (event instanceof ModelEvent.Finish finish) {
            turned(finish);
            return;
        }
        boolean tooMany;
        synchronized (this) {
            asked--;
            if (hasEnd() || draft == null) {
                return;
            }
            if (event instanceof ModelEvent.Text text) {
                add(draft.text(text.delta()));
            } else if (event instanceof ModelEvent.ToolCall call) {
                said.add(call);
            }
            tooMany = said.size() > MOST_CALLS
                    || draft.fold().tokens() >= desk.limits().maxTokens();
        }
        if (tooMany) {
            end(open -> open.fail(
                    "server_error",
                    said.size() > MOST_CALLS
                            ? "the model made more than " + MOST_CALLS + " tool calls at once; ask for less"
                            : "the run said " + desk.limits().maxTokens()
                                    + " tokens (lastcall.run.max-tokens); ask for less"));
        }
        pump();
        requestMore();
    }

    @Override
    public void onComplete() {
        turned(new ModelEvent.Finish(FinishReason.STOP, null));
    }

    /** The model has said all it has to say for now: its calls are carried out, or there are none of ours and it is the end. */
    private void turned(ModelEvent.Finish finish) {
        boolean ours;
        boolean last;
        synchronized (this) {
            if (hasEnd() || draft == null) {
                return;
            }
            for (ModelEvent.ToolCall call : said) {
                add(draft.call(call));
            }
            said.clear();
            Usage own = finish.usage();
            spent = spent == null || own == null ? own : spent.plus(own);
            Turns turns = draft.fold().turns();
            boolean whole = finish.reason() == FinishReason.STOP || finish.reason() == FinishReason.TOOL_CALLS;
            ours = whole && desk.toolbox().carriesOut(turns.open());
            last = turns.number() >= desk.toolbox().maxTurns();
            if (ours && !last) {
                upstream = null;
                calls = calls(turns.open(), false);
            }
        }
        if (!ours) {
            finish(finish.reason());
        } else if (last) {
            end(open -> open.fail(
                    "server_error",
                    "the model was asked " + desk.toolbox().maxTurns()
                            + " times and still calls tools (lastcall.run.max-turns); ask for less"));
        } else {
            pump();
            carryOut();
        }
    }

    private void finish(FinishReason reason) {
        end(open -> open.finish(reason, spent, desk.time().instant()));
    }

    /** Begins the calls where they are in the log. */
    private void carryOut() {
        Calls ready;
        synchronized (this) {
            ready = hasEnd() || appending || !pending.isEmpty() ? null : calls;
        }
        if (ready != null) {
            ready.start();
        }
    }

    private final class CallsOwner implements Calls.Owner {
        @Override
        public boolean mayBegin() {
            synchronized (Execution.this) {
                if (suspended || hasEnd()) {
                    return false;
                }
            }
            return desk.toolbox().sure().getAsBoolean();
        }

        @Override
        public void told(OpenCall call, ToolOutput output) {
            synchronized (Execution.this) {
                if (hasEnd() || draft == null) {
                    return;
                }
                add(draft.output(call, output));
            }
            pump();
        }

        @Override
        public void over(boolean open) {
            ModelRequest next;
            synchronized (Execution.this) {
                if (hasEnd() || draft == null || request == null) {
                    return;
                }
                calls = null;
                next = open ? null : draft.fold().turns().request(request);
            }
            if (next == null) {
                finish(FinishReason.TOOL_CALLS);
            } else {
                ask(next);
            }
        }

        @Override
        public void fenced() {
            stop();
        }
    }

    /** Whether a tool call may be under way: its outcome is better awaited than left to the next owner. */
    boolean isCalling() {
        Calls current = currentCalls();
        return current != null && current.isUnderWay();
    }

    /** Whether one is under way that the next owner could not make again. */
    boolean isCallingForGood() {
        Calls current = currentCalls();
        return current != null && current.isUnrepeatable();
    }

    private synchronized @Nullable Calls currentCalls() {
        return calls;
    }

    @Override
    public void onError(Throwable failure) {
        Continued further = null;
        synchronized (this) {
            if (hasEnd() || draft == null || request == null) {
                return;
            }
            said.clear();
            if (draft.fold().tokens() > saidBeforeAsking) {
                further = Continued.of(draft, request, desk.model());
                add(further.rows());
            }
        }
        LOG.warnf(failure, "model failed run=%s continued=%s", run, further != null && further.request() != null);
        if (further != null && further.request() != null) {
            pump();
            ask(further.request());
        } else {
            end(open -> failed(open, failure));
        }
    }

    private static Draft.Ending failed(Draft open, Throwable failure) {
        return failure instanceof ModelFailure known
                ? open.fail(known.code(), known.detail())
                : open.fail("server_error", "the model failed; send the input again");
    }

    private void add(List<Row> rows) {
        pending.addAll(rows);
        rows.forEach(row -> pendingBytes += bytes(row));
    }

    private static int bytes(Row row) {
        return ROW_BYTES + row.data().length();
    }

    private void end(Function<Draft, Draft.Ending> how) {
        synchronized (this) {
            if (hasEnd() || draft == null) {
                return;
            }
            Draft.Ending ending = how.apply(draft);
            add(ending.rows());
            next = ending.status();
        }
        stopAsking();
        pump();
    }

    /** Gives the run to whoever claims it next; false where its end is decided already. */
    boolean handOff() {
        synchronized (this) {
            if (hasEnd()) {
                return false;
            }
            next = RunStatus.HANDOFF;
        }
        stopAsking();
        pump();
        return true;
    }

    /** It is another's, or there is no time left: shows and asks for nothing any more. */
    void stop() {
        finish(Over.FENCED);
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
        requestMore();
        Calls current = currentCalls();
        if (current != null) {
            current.proceed();
        }
    }

    private void stopAsking() {
        Flow.Subscription stopped;
        Time.Alarm alarm;
        Calls abandoned;
        synchronized (this) {
            stopped = upstream;
            upstream = null;
            alarm = deadline;
            deadline = null;
            abandoned = calls;
            calls = null;
        }
        if (abandoned != null) {
            abandoned.stop();
        }
        if (stopped != null) {
            stopped.cancel();
        }
        if (alarm != null) {
            alarm.cancel();
        }
    }

    /** Sends what is pending, unless a batch is on its way. */
    private void pump() {
        Batch batch;
        synchronized (this) {
            if (over || appending || (pending.isEmpty() && next == null)) {
                return;
            }
            batch = new Batch(run, epoch, nextSeq, pending, next);
            pending = new ArrayList<>();
            appending = true;
        }
        desk.log().append(batch).whenComplete((result, failure) -> decided(batch, result, failure));
    }

    private void decided(Batch batch, @Nullable AppendResult result, @Nullable Throwable failure) {
        synchronized (this) {
            if (over) {
                return;
            }
        }
        if (result instanceof AppendResult.Committed) {
            committed(batch);
        } else if (result instanceof AppendResult.Fenced) {
            finish(Over.FENCED);
        } else {
            LOG.errorf(cause(result, failure), "the log refused rows run=%s seq=%d", run, batch.expected());
            finish(Over.REFUSED);
        }
    }

    private static @Nullable Throwable cause(@Nullable AppendResult result, @Nullable Throwable failure) {
        return result instanceof AppendResult.Failed refused ? refused.cause() : failure;
    }

    private void committed(Batch batch) {
        // Before the next append, so that followers hear in the order of the log.
        desk.feed().committed(run, batch.rows());
        synchronized (this) {
            nextSeq = batch.end();
            batch.rows().forEach(row -> pendingBytes -= bytes(row));
            appending = false;
        }
        if (batch.next() == null) {
            pump();
            requestMore();
            carryOut();
        } else {
            finish(batch.next().isTerminal() ? Over.ENDED : Over.HANDED_OFF);
        }
    }

    private void finish(Over how) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            pending = List.of();
        }
        stopAsking();
        onOver.accept(how);
    }
}
