package dev.lastcall.openai;

import dev.lastcall.run.RunView;
import dev.lastcall.run.Runs;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What can be done with a run that there is already. Another tenant's, or one that was not to be stored, is not there. */
@Singleton
final class Stored {
    private final Runs runs;
    private final Answering answering;

    Stored(Runs runs, Answering answering) {
        this.runs = runs;
        this.answering = answering;
    }

    /** As it stands; with {@code stream=true} its events, with {@code wait=true} its end. */
    CompletionStage<Void> get(Call call) {
        Cursor resumption = Cursor.resumption(call);
        return find(call)
                .thenComposeAsync(
                        view -> {
                            boolean cutOff =
                                    resumption != null && resumption.run().equals(view.id());
                            if (call.isAsked("wait")) {
                                return answering.whole(call, Wire.RESPONSES, view.id(), true);
                            }
                            if (!view.stored() && !cutOff) {
                                throw ApiError.responseNotFound(call.pathId());
                            }
                            return show(call, view);
                        },
                        call.loop());
    }

    private CompletionStage<Void> show(Call call, RunView view) {
        if (call.isAsked("stream")) {
            answering.again(call, view.id(), Cursor.after(call));
        } else {
            call.answer(200, view.response());
        }
        return CompletableFuture.completedFuture(null);
    }

    /** Where a chat goes on that its own pod could not finish. */
    CompletionStage<Void> chat(Call call) {
        return find(call).thenComposeAsync(view -> answering.whole(call, Wire.CHAT, view.id(), false), call.loop());
    }

    CompletionStage<Void> cancel(Call call) {
        return runs.cancel(call.tenant(), run(call))
                .thenAccept(found -> call.answer(
                        200,
                        found.orElseThrow(() -> ApiError.responseNotFound(call.pathId()))
                                .response()));
    }

    CompletionStage<Void> delete(Call call) {
        return find(call)
                .thenCompose(view -> runs.delete(call.tenant(), view.id()))
                .thenAccept(deleted -> {
                    if (!deleted) {
                        throw ApiError.conflict("The run has not ended yet. Delete it again.");
                    }
                    call.answer(
                            200,
                            new JsonObject()
                                    .put("id", call.pathId())
                                    .put("object", "response")
                                    .put("deleted", true));
                });
    }

    CompletionStage<Void> inputItems(Call call) {
        return find(call).thenAccept(view -> {
            if (!view.stored()) {
                throw ApiError.responseNotFound(call.pathId());
            }
            call.answer(200, InputItemList.of(view, call));
        });
    }

    private CompletionStage<RunView> find(Call call) {
        return runs.find(call.tenant(), run(call))
                .thenApply(found -> found.orElseThrow(() -> ApiError.responseNotFound(call.pathId())));
    }

    private static UUID run(Call call) {
        return Cursor.run(call.pathId(), () -> ApiError.responseNotFound(call.pathId()));
    }
}
