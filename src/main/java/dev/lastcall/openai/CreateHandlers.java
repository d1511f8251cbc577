package dev.lastcall.openai;

import dev.lastcall.http.TraceContext;
import dev.lastcall.openai.ClientAttachments.Visit;
import dev.lastcall.run.ModelNames;
import dev.lastcall.run.RunHead;
import dev.lastcall.run.RunRequest;
import dev.lastcall.run.RunView;
import dev.lastcall.run.Runs;
import dev.lastcall.run.StartResult;
import dev.lastcall.run.event.ResponseId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/responses} and {@code POST /v1/chat/completions}: begins a run, or joins the one that the same request has begun. */
@Singleton
final class CreateHandlers {
    private static final int LONGEST_KEY = 255;

    private final Runs runs;
    private final ClientAttachments visits;
    private final ResponseWriter answering;
    private final ModelNames names;
    private final FileSearch search;
    private final int maxBody;

    CreateHandlers(
            Runs runs,
            ClientAttachments visits,
            ResponseWriter answering,
            ModelNames names,
            FileSearch search,
            WireConfig config) {
        this.search = search;
        this.runs = runs;
        this.visits = visits;
        this.answering = answering;
        this.names = names;
        maxBody = Math.toIntExact(config.maxBody().asLongValue());
    }

    CompletionStage<Void> response(Call call) {
        return RequestBody.read(call, maxBody)
                .thenComposeAsync(
                        body -> begin(call, Wire.RESPONSES, body, ParsedResponseRequest.of(Fields.object(body))),
                        call.loop());
    }

    /**
     * Handles {@code POST /v1/chat/completions}. A client that was cut off names the run and the event to resume after in headers, since a
     * chat has no other way.
     */
    CompletionStage<Void> chat(Call call) {
        return RequestBody.read(call, maxBody)
                .thenComposeAsync(
                        body -> {
                            ParsedRequest order = ParsedChatRequest.of(Fields.object(body));
                            ListCursor cursor = ListCursor.resumption(call);
                            return cursor == null ? begin(call, Wire.CHAT, body, order) : resume(call, cursor, order);
                        },
                        call.loop());
    }

    private CompletionStage<Void> resume(Call call, ListCursor cursor, ParsedRequest order) {
        return runs.head(call.tenant(), cursor.run())
                .thenCompose(found -> {
                    RunHead run = found.orElseThrow(
                            () -> ApiError.responseNotFound(cursor.run().toString()));
                    cursor.check(run);
                    return visits.again(run).thenApply(visit -> new Found(run, visit));
                })
                .thenAcceptAsync(
                        found -> {
                            name(call, cursor.run());
                            answering.chunks(call, found.visit(), found.run(), order.usage(), cursor.after());
                        },
                        call.loop());
    }

    private CompletionStage<Void> begin(Call call, Wire wire, Buffer body, ParsedRequest read) {
        ParsedRequest order = read.naming(names.preferred().orElse(""));
        if (!names.knows(order.model())) {
            throw ApiError.modelNotFound(order.model());
        }
        if (Logprobs.areAskedFor(order) && !names.givesLogprobs(order.model())) {
            throw ApiError.unsupported(
                    Logprobs.MEMBER, "logprobs: the model '" + order.model() + "' gives none; leave them out.");
        }
        return search.check(order.options(), call.tenant())
                .thenCompose(checked -> ItemReferences.resolve(order.input(), run -> runs.find(call.tenant(), run)))
                .thenCombine(
                        earlier(call, order.previous()),
                        (input, earlier) -> asked(call, wire, body, order, input, earlier))
                .thenCompose(asked -> start(call, asked))
                .thenComposeAsync(begun -> answer(call, wire, order, begun), call.loop());
    }

    /** A client that follows no redirect was sent away by a pod that had to end, and does not say that it comes again. */
    private CompletionStage<StartResult> start(Call call, RunRequest asked) {
        if (call.followsRedirects() || asked.key() != null || asked.retry() > 0) {
            return runs.begin(asked);
        }
        return runs.expected(asked.tenant(), asked.hash())
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(new StartResult.Joined(found.get()))
                        : runs.begin(asked));
    }

    private CompletionStage<JsonArray> earlier(Call call, @Nullable String previous) {
        if (previous == null) {
            return CompletableFuture.completedFuture(new JsonArray());
        }
        UUID run = ListCursor.run(previous, () -> ApiError.previousNotFound(previous));
        return runs.find(call.tenant(), run).thenApply(found -> found.filter(RunView::stored)
                .filter(view -> view.status().isTerminal())
                .map(PreviousResponses::after)
                .orElseThrow(() -> ApiError.previousNotFound(previous)));
    }

    private RunRequest asked(
            Call call, Wire wire, Buffer body, ParsedRequest read, JsonArray input, JsonArray earlier) {
        String key = call.header("idempotency-key");
        if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
            throw ApiError.invalid("Idempotency-Key", "Idempotency-Key: 1 to " + LONGEST_KEY + " characters expected.");
        }
        ParsedRequest order = read.withInput(input);
        JsonObject request = order.request(earlier);
        CallPairs.check(request.getJsonArray("input"), wire);
        boolean grown = !earlier.isEmpty() || ItemReferences.areIn(read.input());
        if (grown && request.encode().length() > maxBody) {
            throw ApiError.conversationTooLarge(maxBody);
        }
        return RunRequest.of(call.tenant(), wire.key(), request, order.echo())
                .identified(key, Fingerprint.of(call, body), Fingerprint.retry(call))
                .in(order.mode().background(), order.mode().stored())
                .traced(TraceContext.of(call.exchange().request().headers()))
                .wantedWhile(() -> !call.signal().clientGone());
    }

    private CompletionStage<Void> answer(Call call, Wire wire, ParsedRequest order, StartResult begun) {
        if (begun instanceof StartResult.Conflict) {
            throw ApiError.keyTaken();
        }
        return visits.first(begun, order.mode().stored())
                .thenComposeAsync(visit -> answer(call, wire, order, visit), call.loop());
    }

    private CompletionStage<Void> answer(Call call, Wire wire, ParsedRequest order, Visit visit) {
        name(call, visit.run());
        if (!order.mode().stream() && !order.mode().background()) {
            return answering.whole(call, wire, visit);
        }
        if (order.mode().stream() && wire == Wire.RESPONSES) {
            if (order.mode().background()) {
                answering.stream(call, visit, -1);
            } else {
                answering.streamNew(call, visit);
            }
            return CompletableFuture.completedFuture(null);
        }
        return runs.find(call.tenant(), visit.run())
                .thenAcceptAsync(
                        found -> {
                            RunView view =
                                    found.orElseThrow(() -> ApiError.responseNotFound(ResponseId.of(visit.run())));
                            if (order.mode().stream()) {
                                answering.chunksNew(call, visit, view, order.usage());
                            } else {
                                call.answer(200, view.response(), visit::answered);
                            }
                        },
                        call.loop());
    }

    /** Sets the header with the run's id, by which a client can resume. */
    private static void name(Call call, UUID run) {
        call.response().putHeader("x-run-id", run.toString());
    }

    private record Found(RunHead run, Visit visit) {}
}
