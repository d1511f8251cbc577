package dev.lastcall.run;

import dev.lastcall.drain.Time;
import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelFailure;
import dev.lastcall.model.ModelRequest;
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
 * </ul>
 *
 * Model, log, feed and owner are called outside the monitor. Thread-safe.
 */
final class Execution implements Flow.Subscriber<ModelEvent> {
    static final int PENDING_BYTES = 256 << 10;
    static final int WINDOW = 64;
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
        synchronized (this) {
            if (hasEnd()) {
                return;
            }
            draft = opened;
            request = asks;
            add(first);
            Duration left = Duration.between(desk.time().instant(), latest);
            deadline = desk.time().schedule(left, () -> expire());
        }
        pump();
        ask(asks);
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
            desk.model().answer(asks).subscribe(this);
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
            end(open -> open.finish(finish.reason(), finish.usage(), desk.time().instant()));
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
                add(draft.call(call));
            }
            tooMany = draft.fold().tokens() >= desk.limits().maxTokens();
        }
        if (tooMany) {
            end(open -> open.fail(
                    "server_error",
                    "the run said " + desk.limits().maxTokens() + " tokens (lastcall.run.max-tokens); ask for less"));
        }
        pump();
        requestMore();
    }

    @Override
    public void onComplete() {
        end(open -> open.finish(FinishReason.STOP, null, desk.time().instant()));
    }

    @Override
    public void onError(Throwable failure) {
        Continued further = null;
        synchronized (this) {
            if (hasEnd() || draft == null || request == null) {
                return;
            }
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
    }

    private void stopAsking() {
        Flow.Subscription stopped;
        Time.Alarm alarm;
        synchronized (this) {
            stopped = upstream;
            upstream = null;
            alarm = deadline;
            deadline = null;
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
