package dev.lastcall.openai;

import dev.lastcall.run.ResponseId;
import dev.lastcall.run.RunView;
import dev.lastcall.run.Runs;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** Answers with a run: event by event, or at its end. On the request's event loop only. */
@Singleton
final class Answering {
    private static final Logger LOG = Logger.getLogger(Answering.class);

    private final Runs runs;
    private final Vertx vertx;
    private final Duration keepAlive;
    private final Duration abandonedAfter;

    Answering(Runs runs, Vertx vertx, WireConfig config) {
        this.runs = runs;
        this.vertx = vertx;
        keepAlive = config.keepAlive();
        abandonedAfter = config.abandonedAfter();
    }

    /** The stream of a request that has begun the run. */
    void begun(Call call, Wire wire, RunView run, Order order) {
        UUID id = run.id();
        Projection projection =
                wire == Wire.CHAT ? new ChatChunks(id, run.response(), order.usage(), -1) : new ResponseEvents();
        Runnable onLeft = order.mode().stored() ? () -> {} : () -> abandon(call.tenant(), id);
        EventStream.start(call, runs.tail(id, -1), projection, keepAlive, onLeft);
    }

    /** The stream of a client that comes back. */
    void again(Call call, UUID run, int after) {
        EventStream.start(call, runs.tail(run, after), new ResponseEvents(), keepAlive, () -> {});
    }

    /** The chunks are counted from the start, since one depends on those before. */
    CompletionStage<Void> resumeChat(Call call, Cursor cursor, Order order) {
        return runs.find(call.tenant(), cursor.run())
                .thenAcceptAsync(
                        found -> {
                            RunView view = found.orElseThrow(
                                    () -> ApiError.responseNotFound(cursor.run().toString()));
                            call.response().putHeader("x-run-id", view.id().toString());
                            Projection chunks =
                                    new ChatChunks(view.id(), view.response(), order.usage(), cursor.after());
                            EventStream.start(
                                    call,
                                    runs.tail(view.id(), -1),
                                    chunks,
                                    keepAlive,
                                    () -> abandon(call.tenant(), view.id()));
                        },
                        call.loop());
    }

    /**
     * The run when it has ended: OpenAI's response object, or the chat completion.
     *
     * @param kept whether the run goes on without this client
     */
    CompletionStage<Void> whole(Call call, Wire wire, UUID run, boolean kept) {
        return WholeAnswer.of(call, runs.tail(run, -1))
                .thenAcceptAsync(result -> answer(call, wire, run, kept, result), call.loop());
    }

    private void answer(Call call, Wire wire, UUID run, boolean kept, WholeAnswer.Result result) {
        if (result instanceof WholeAnswer.Result.Ended ended) {
            JsonObject response = ended.response();
            call.answer(200, wire == Wire.CHAT ? ChatCompletion.of(run, response) : response);
        } else if (result instanceof WholeAnswer.Result.Told) {
            if (!runs.durable()) {
                throw ApiError.unavailable("This instance is shutting down, and no other can finish the run."
                        + " Send the request again.");
            }
            String id = wire == Wire.CHAT ? ChatCompletion.id(run) : ResponseId.of(run);
            call.seeOther(wire.path() + id + "?wait=true");
        } else if (!kept) {
            abandon(call.tenant(), run);
        }
    }

    /** Nobody can find this run again but the client that was cut off: it goes on for a while only. */
    private void abandon(String tenant, UUID run) {
        vertx.setTimer(Math.max(1, abandonedAfter.toMillis()), fired -> {
            if (!runs.isFollowed(run)) {
                runs.cancel(tenant, run).exceptionally(failure -> {
                    LOG.debugf(failure, "abandoned run not cancelled run=%s", run);
                    return Optional.empty();
                });
            }
        });
    }
}
