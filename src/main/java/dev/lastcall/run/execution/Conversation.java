package dev.lastcall.run.execution;

import dev.lastcall.model.FinishReason;
import dev.lastcall.model.ModelEvent;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.TraceHeaders;
import dev.lastcall.model.Usage;
import dev.lastcall.run.event.OpenCall;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.Turns;
import dev.lastcall.run.toolcall.ToolOutput;
import dev.lastcall.run.toolcall.Toolbox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of the model and its tools in one claim of a run: adds the model's events and the tools' results to the {@link Outbox} as
 * rows, and decides what follows from them. Nothing is added once the end is decided. Confined to its execution's monitor.
 */
final class Conversation {
    private final ExecutionContext context;
    private final Outbox outbox;
    private final Continuations continuations = new Continuations();

    /** The tools, with those that the request brings along once it is known. */
    private Toolbox toolbox;

    private @Nullable ResponseEventWriter draft;
    private @Nullable ModelRequest request;
    private @Nullable Usage spent;

    Conversation(ExecutionContext context, Outbox outbox) {
        this.context = context;
        this.outbox = outbox;
        toolbox = context.toolbox();
    }

    /** The step that follows the end of a turn. */
    enum NextStep {
        /** Nothing: the run's end was decided before. */
        NONE,
        /** The run ends: the model calls no tool, or one of the client's. */
        FINISH,
        /** The run ends: the model calls tools, and has been asked as often as it may. */
        TURN_LIMIT,
        /** The calls of the turn are carried out. */
        TOOL_CALLS
    }

    /**
     * The request that continues an answer that broke off.
     *
     * @param delay before the model is asked
     * @param respent tokens that the model reads or says once more
     */
    record NextAttempt(ModelRequest request, Duration delay, long respent) {}

    /** Opens it to be ended at once; the model is not asked. */
    void open(ResponseEventWriter opened) {
        draft = opened;
    }

    /**
     * Opens it for the model's answer.
     *
     * @param original what was asked of the run
     * @param first rows before those of the model
     */
    void open(ResponseEventWriter opened, ModelRequest original, List<Row> first) {
        draft = opened;
        request = original;
        toolbox = context.toolbox().of(original);
        outbox.add(first);
    }

    /** Whether it was opened, and its end is not decided. */
    boolean isOpen() {
        return writable() != null;
    }

    private @Nullable ResponseEventWriter writable() {
        return outbox.hasEnd() ? null : draft;
    }

    Toolbox toolbox() {
        return toolbox;
    }

    TraceHeaders trace() {
        return request == null ? TraceHeaders.NONE : request.trace();
    }

    /** The tokens of the turns so far, as far as the model told them. */
    @Nullable
    Usage spent() {
        return spent;
    }

    /** The model is about to be asked. */
    void asking() {
        if (draft != null) {
            continuations.asking(draft.fold().pieces());
        }
    }

    void said(ModelEvent event) {
        ResponseEventWriter open = writable();
        if (open != null) {
            outbox.add(open.said(event));
        }
    }

    /** Whether the run has said as much as it may. */
    boolean isFull() {
        return draft != null && draft.fold().pieces() >= context.limits().maxTokens();
    }

    /** The model's answer is whole: adds the calls in it. */
    NextStep turned(ModelEvent.Finish finish, List<ModelEvent.ToolCall> made) {
        ResponseEventWriter open = writable();
        if (open == null) {
            return NextStep.NONE;
        }
        made.forEach(call -> outbox.add(called(open, call)));
        Usage own = finish.usage();
        spent = spent == null || own == null ? own : spent.plus(own);
        Turns turns = open.fold().turns();
        boolean whole = finish.reason() == FinishReason.STOP || finish.reason() == FinishReason.TOOL_CALLS;
        if (!whole || !toolbox.carriesOut(turns.open())) {
            return NextStep.FINISH;
        }
        return turns.number() >= context.toolbox().maxTurns() ? NextStep.TURN_LIMIT : NextStep.TOOL_CALLS;
    }

    private List<Row> called(ResponseEventWriter open, ModelEvent.ToolCall call) {
        return toolbox.isFileSearch(call.name())
                ? open.fileSearch(call)
                : open.call(call, toolbox.carriesOut(call.name()));
    }

    /** The calls of this turn that have no result. */
    List<OpenCall> openCalls() {
        return draft == null ? List.of() : draft.fold().turns().open();
    }

    /** A tool's result. */
    void told(OpenCall call, ToolOutput output) {
        ResponseEventWriter open = writable();
        if (open != null) {
            outbox.add(open.output(call, output));
        }
    }

    /** Returns the model's next request once all calls of a turn have results; empty: it was not asked before. */
    Optional<ModelRequest> nextTurn() {
        return draft == null || request == null
                ? Optional.empty()
                : Optional.of(ContinuationPlan.nextTurn(request, draft.fold().turns()));
    }

    /** The model's answer broke off: adds what must stand before its continuation; empty: there is none, and the run fails. */
    Optional<NextAttempt> interrupted() {
        ResponseEventWriter open = writable();
        if (open == null || request == null) {
            return Optional.empty();
        }
        Optional<Duration> wait = continuations.next(open.fold().pieces(), request, context.model());
        if (wait.isEmpty()) {
            return Optional.empty();
        }
        ContinuationPlan plan = ContinuationPlan.of(open, request, context.model());
        outbox.add(plan.rows());
        ModelRequest rest = plan.request();
        return rest == null ? Optional.empty() : Optional.of(new NextAttempt(rest, wait.get(), plan.respent()));
    }

    /** Decides the end. */
    void end(Function<ResponseEventWriter, ResponseEventWriter.Ending> how) {
        ResponseEventWriter open = writable();
        if (open != null) {
            ResponseEventWriter.Ending ending = how.apply(open);
            outbox.end(ending.rows(), ending.status());
        }
    }
}
