package dev.lastcall.openai;

import dev.lastcall.run.RunHead;
import dev.lastcall.run.RunView;
import dev.lastcall.run.Runs;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Handlers for existing runs. Another tenant's run, or one that was not stored, is answered with 404. */
@Singleton
final class ResponseHandlers {
    private static final String STREAM = "stream";
    private static final String WAIT = "wait";

    private final Runs runs;
    private final ClientAttachments visits;
    private final ResponseWriter answering;

    ResponseHandlers(Runs runs, ClientAttachments visits, ResponseWriter answering) {
        this.runs = runs;
        this.visits = visits;
        this.answering = answering;
    }

    /** Answers with the response as it is; with {@code stream=true} with its events, with {@code wait=true} at its end. */
    CompletionStage<Void> get(Call call) {
        ListCursor resumption = ListCursor.resumption(call);
        int after = ListCursor.after(call);
        return headOf(call).thenCompose(run -> {
            boolean cutOff = resumption != null && resumption.run().equals(run.id());
            // Who was sent here by a pod that had to end knows the id and nothing else.
            boolean sentOn = call.isAsked(WAIT) && !call.isAsked(STREAM);
            if (!run.stored() && !cutOff && !sentOn) {
                throw ApiError.responseNotFound(call.pathId());
            }
            call.response().putHeader("x-run-id", run.id().toString());
            if (sentOn) {
                return whole(call, Wire.RESPONSES, run);
            }
            return call.isAsked(STREAM)
                    ? stream(call, run, after)
                    : find(call).thenAccept(view -> call.answer(200, view.response()));
        });
    }

    /** The head of the response as it stands. */
    CompletionStage<Void> head(Call call) {
        return find(call).thenAccept(view -> {
            if (!view.stored()) {
                throw ApiError.responseNotFound(call.pathId());
            }
            call.answer(200, view.response());
        });
    }

    private CompletionStage<Void> stream(Call call, RunHead run, int after) {
        new ListCursor(run.id(), after).check(run);
        return visits.again(run).thenAcceptAsync(visit -> answering.stream(call, visit, after), call.loop());
    }

    private CompletionStage<Void> whole(Call call, Wire wire, RunHead run) {
        return visits.again(run).thenComposeAsync(visit -> answering.whole(call, wire, visit), call.loop());
    }

    /** Answers with a chat that its first pod could not finish; chats are not stored. */
    CompletionStage<Void> chat(Call call) {
        if (!call.isAsked(WAIT)) {
            throw ApiError.responseNotFound(call.pathId());
        }
        return headOf(call).thenCompose(run -> whole(call, Wire.CHAT, run));
    }

    /** Cancels a background response, as OpenAI does; another one ends with its client or by a DELETE. */
    CompletionStage<Void> cancel(Call call) {
        return headOf(call)
                .thenCompose(run -> {
                    if (!Boolean.TRUE.equals(run.response().getBoolean("background"))) {
                        throw ApiError.malformed(
                                "Cannot cancel a synchronous response. Close its request, or delete it.");
                    }
                    return runs.cancel(call.tenant(), run(call));
                })
                .thenAccept(found -> call.answer(
                        200,
                        found.orElseThrow(() -> ApiError.responseNotFound(call.pathId()))
                                .response()));
    }

    CompletionStage<Void> delete(Call call) {
        return headOf(call)
                .thenCompose(run -> runs.delete(call.tenant(), run.id()))
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

    private CompletionStage<RunHead> headOf(Call call) {
        return runs.head(call.tenant(), run(call))
                .thenApply(found -> found.orElseThrow(() -> ApiError.responseNotFound(call.pathId())));
    }

    private CompletionStage<RunView> find(Call call) {
        return runs.find(call.tenant(), run(call))
                .thenApply(found -> found.orElseThrow(() -> ApiError.responseNotFound(call.pathId())));
    }

    private static UUID run(Call call) {
        return ListCursor.run(call.pathId(), () -> ApiError.responseNotFound(call.pathId()));
    }
}
