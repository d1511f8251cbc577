package dev.lastcall.management;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSignal.Registration;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.FinalResponses;
import dev.lastcall.drain.Note;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The kubelet's preStop hook: triggers or joins, and answers 200 when DRAINED. No thread and no timer waits meanwhile; the engine's note
 * ends the wait. 409 where the drain is undone first.
 */
@Singleton
final class PreStop implements Handler<RoutingContext> {
    private static final long FLUSH_LIMIT_MS = 500;

    private final Drain drain;
    private final Watchers watchers;
    private final Consumer<CompletionStage<Void>> finalResponses;

    @Inject
    PreStop(Drain drain, Watchers watchers, FinalResponses finalResponses) {
        this(drain, watchers, finalResponses::register);
    }

    /** @param finalResponses takes what must be over before anything is released */
    PreStop(Drain drain, Watchers watchers, Consumer<CompletionStage<Void>> finalResponses) {
        this.drain = drain;
        this.watchers = watchers;
        this.finalResponses = finalResponses;
    }

    @Override
    public void handle(RoutingContext exchange) {
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        // Before the trigger: a signal may be waiting for nothing but DRAINED, and must wait for this answer too.
        finalResponses.accept(flushed);
        Registration open = drain.preStop(Asker.of(exchange.request(), null));
        long generation = drain.view().generation();
        Context context = exchange.vertx().getOrCreateContext();
        Registration watch = watchers.watch(note -> {
            if (endsWait(note, generation)) {
                context.runOnContext(nothing -> answer(exchange, generation, flushed));
            }
        });
        exchange.addEndHandler(ended -> {
            watch.close();
            open.close();
            // An answer that was given is flushed later than it is ended.
            if (!exchange.response().ended()) {
                flushed.complete(null);
            }
        });
        // The note may have come before the watch.
        if (endsWait(drain.view(), generation)) {
            answer(exchange, generation, flushed);
        }
    }

    private static boolean endsWait(Note note, long generation) {
        boolean decided = note.state() == DrainState.DRAINED || note.state() == DrainState.SERVING;
        return decided && note.event() == Note.Event.STATE && note.generation() == generation;
    }

    private static boolean endsWait(DrainView view, long generation) {
        return view.generation() != generation || !view.state().isUnderWay();
    }

    private void answer(RoutingContext exchange, long generation, CompletableFuture<Void> flushed) {
        if (exchange.response().ended()) {
            return;
        }
        DrainView view = drain.view();
        var written = view.generation() == generation
                ? Answers.json(exchange, 200, DrainJson.of(view))
                : Answers.problem(exchange, undone(view));
        written.onComplete(result -> flushed.complete(null));
        // A kubelet that does not read its answer is not waited for.
        flushed.completeOnTimeout(null, FLUSH_LIMIT_MS, TimeUnit.MILLISECONDS);
    }

    private static ManagementProblem undone(DrainView view) {
        return new ManagementProblem(
                ManagementProblem.Kind.UNDONE,
                "the drain that this pre-stop waited for was undone or has expired; state: "
                        + view.state().key(),
                "where the pod is to end after all, its signal starts a drain of its own",
                new JsonObject().put("state", view.state().key()).put("generation", view.generation()));
    }
}
