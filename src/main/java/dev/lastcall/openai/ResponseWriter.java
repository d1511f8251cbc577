package dev.lastcall.openai;

import dev.lastcall.openai.ClientAttachments.Visit;
import dev.lastcall.run.RunHead;
import dev.lastcall.run.RunView;
import dev.lastcall.run.Runs;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.ResponseId;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Answers with a run: event by event, or at its end. On the request's event loop only. */
@Singleton
final class ResponseWriter {
    private final Runs runs;
    private final Duration keepAlive;

    ResponseWriter(Runs runs, WireConfig config) {
        this.runs = runs;
        keepAlive = config.keepAlive();
    }

    /** The events of a response after one of them; -1: all. */
    void stream(Call call, Visit visit, int after) {
        OpenAiEventStream.start(call, runs.tail(visit.run(), after), new ResponseEvents(), keepAlive, visit);
    }

    /** The events of a response that has just begun; an upstream that refuses it at once is answered with its own status. */
    void streamNew(Call call, Visit visit) {
        OpenAiEventStream.startNew(call, runs.tail(visit.run(), -1), new ResponseEvents(), keepAlive, visit, event -> {
            JsonObject response = failed(event);
            return response != null && ChatCompletion.isRefused(response) ? ChatCompletion.failure(response) : null;
        });
    }

    private static @Nullable JsonObject failed(LoggedEvent event) {
        return event.type() == EventType.FAILED ? new JsonObject(event.json()).getJsonObject("response") : null;
    }

    /** The chunks of a chat that has just begun; where it fails before its first one, an error with its status. */
    void chunksNew(Call call, Visit visit, RunView run, boolean usage) {
        Projection chunks = new ChatChunks(run.id(), run.response(), usage, -1);
        OpenAiEventStream.startNew(call, runs.tail(run.id(), -1), chunks, keepAlive, visit, event -> {
            JsonObject response = failed(event);
            return response == null ? null : ChatCompletion.failure(response);
        });
    }

    /**
     * The chunks of a chat after one of them; -1: all. The event that the client has last is read once more and not written: it tells whether
     * the role was said, and may be the run's end, after which {@code [DONE]} is still due.
     *
     * @param usage whether the client asked for it
     */
    void chunks(Call call, Visit visit, RunHead run, boolean usage, int after) {
        Projection chunks = new ChatChunks(run.id(), run.response(), usage, after);
        OpenAiEventStream.start(call, runs.tail(run.id(), Math.max(-1, after - 1)), chunks, keepAlive, visit);
    }

    /** The run when it has ended: OpenAI's response object, or the chat completion. */
    CompletionStage<Void> whole(Call call, Wire wire, Visit visit) {
        return WholeAnswer.of(call, runs.tail(visit.run(), -1))
                .thenAcceptAsync(result -> answer(call, wire, visit, result), call.loop());
    }

    private void answer(Call call, Wire wire, Visit visit, WholeAnswer.Result result) {
        UUID run = visit.run();
        if (result instanceof WholeAnswer.Result.Ended ended) {
            JsonObject response = ended.response();
            if (ChatCompletion.isRefused(response)) {
                throw ChatCompletion.failure(response);
            }
            call.answer(200, wire == Wire.CHAT ? ChatCompletion.of(run, response) : response, visit::answered);
        } else if (result instanceof WholeAnswer.Result.Told) {
            if (!runs.durable()) {
                throw ApiError.unavailable("This instance is shutting down, and no other can finish the run."
                        + " Send the request again.");
            }
            if (!call.followsRedirects()) {
                sendAway(call, run);
                return;
            }
            String id = wire == Wire.CHAT ? ChatCompletion.id(run) : ResponseId.of(run);
            call.seeOther(wire.path() + id + "?wait=true");
        } else {
            visit.left();
        }
    }

    /** The same request, sent again to another pod, joins the run. */
    private void sendAway(Call call, UUID run) {
        runs.expectRetry(run)
                .whenComplete(
                        (noted, failure) -> call.fail(
                                ApiError.unavailable(
                                        "This instance is shutting down, and another one goes on with the run. Send the request again.")));
    }
}
