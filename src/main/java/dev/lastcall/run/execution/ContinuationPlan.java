package dev.lastcall.run.execution;

import dev.lastcall.model.Continuation;
import dev.lastcall.model.Model;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Strategy;
import dev.lastcall.run.event.ResponseFold;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.Turns;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plan for continuing an interrupted answer.
 *
 * @param request what the model is asked; null where the answer cannot be gone on with: it must be JSON, and two halves make none
 * @param rows what is written before the model is asked
 * @param respent tokens that the model reads or says once more
 */
record ContinuationPlan(@Nullable ModelRequest request, Strategy strategy, List<Row> rows, long respent) {

    /** The model's request for its current turn: the original one and the items of the turns before. */
    static ModelRequest nextTurn(ModelRequest original, Turns turns) {
        return turns.first() == 0 ? original.continuing(null) : original.with(turns.earlier());
    }

    static ContinuationPlan of(ResponseEventWriter draft, ModelRequest original, Model model) {
        Turns turns = draft.fold().turns();
        ModelRequest turn = nextTurn(original, turns);
        long tokens = draft.fold().turnTokens();
        Strategy strategy = model.strategy(original);
        if (!turns.open().isEmpty()) {
            return new ContinuationPlan(turn, strategy, List.of(), 0);
        }
        ResponseFold fold = draft.fold();
        String reasoned = strategy == Strategy.EXACT ? fold.reasoned(turns.first()) : "";
        String refused = strategy == Strategy.EXACT ? fold.refused(turns.first()) : "";
        if (tokens == 0 && reasoned.isEmpty() && refused.isEmpty()) {
            // Thoughts without an answer, which are thought anew.
            return new ContinuationPlan(turn, strategy, draft.interrupt(), 0);
        }
        ModelRequest request = turn.continuing(new Continuation(fold.said(turns.first()), tokens, reasoned, refused));
        if (strategy == Strategy.EXACT) {
            return new ContinuationPlan(request, strategy, List.of(), 0);
        }
        if (original.isStructured()) {
            return new ContinuationPlan(null, strategy, List.of(), 0);
        }
        List<Row> rows = strategy == Strategy.NEW_ITEM ? draft.interrupt() : List.of();
        return new ContinuationPlan(request, strategy, rows, tokens);
    }
}
