package dev.lastcall.openai;

import dev.lastcall.run.Asked;
import dev.lastcall.run.Begun;
import dev.lastcall.run.Origin;
import dev.lastcall.run.ResponseId;
import dev.lastcall.run.RunView;
import dev.lastcall.run.Runs;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/responses} and {@code POST /v1/chat/completions}: begins a run, or joins the one that the same request has begun. */
@Singleton
final class Creation {
    private static final int LONGEST_KEY = 255;

    private final Runs runs;
    private final Answering answering;
    private final int maxBody;

    Creation(Runs runs, Answering answering, WireConfig config) {
        this.runs = runs;
        this.answering = answering;
        maxBody = Math.toIntExact(config.maxBody().asLongValue());
    }

    CompletionStage<Void> response(Call call) {
        return Body.read(call.exchange().request(), maxBody)
                .thenComposeAsync(
                        body -> begin(call, Wire.RESPONSES, body, ResponseOrder.of(Body.json(body))), call.loop());
    }

    /** A client of ours that was cut off says of which run and after which event it goes on; it has no other way in a chat. */
    CompletionStage<Void> chat(Call call) {
        return Body.read(call.exchange().request(), maxBody)
                .thenComposeAsync(
                        body -> {
                            Order order = ChatOrder.of(Body.json(body));
                            Cursor cursor = Cursor.resumption(call);
                            return cursor == null
                                    ? begin(call, Wire.CHAT, body, order)
                                    : answering.resumeChat(call, cursor, order);
                        },
                        call.loop());
    }

    private CompletionStage<Void> begin(Call call, Wire wire, Buffer body, Order order) {
        return earlier(call, order.previous())
                .thenCompose(earlier -> runs.begin(asked(call, wire, body, order, earlier)))
                .thenComposeAsync(begun -> answer(call, wire, order, begun), call.loop());
    }

    private CompletionStage<JsonArray> earlier(Call call, @Nullable String previous) {
        if (previous == null) {
            return CompletableFuture.completedFuture(new JsonArray());
        }
        UUID run = Cursor.run(previous, () -> ApiError.previousNotFound(previous));
        return runs.find(call.tenant(), run).thenApply(found -> found.filter(RunView::stored)
                .filter(view -> view.status().isTerminal())
                .map(Conversation::after)
                .orElseThrow(() -> ApiError.previousNotFound(previous)));
    }

    private static Asked asked(Call call, Wire wire, Buffer body, Order order, JsonArray earlier) {
        String key = call.header("idempotency-key");
        if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
            throw ApiError.invalid("Idempotency-Key", "Idempotency-Key: 1 to " + LONGEST_KEY + " characters expected.");
        }
        return Asked.of(
                new Origin(call.tenant(), wire.key(), key, Fingerprint.of(call, body), Fingerprint.retry(call)),
                order.request(earlier),
                order.echo(),
                order.mode().background(),
                order.mode().stored());
    }

    private CompletionStage<Void> answer(Call call, Wire wire, Order order, Begun begun) {
        if (begun instanceof Begun.Conflict) {
            throw ApiError.keyTaken();
        }
        UUID run = begun.run();
        call.response().putHeader("x-run-id", run.toString());
        if (!order.mode().stream() && !order.mode().background()) {
            return answering.whole(call, wire, run, order.mode().stored());
        }
        return runs.find(call.tenant(), run)
                .thenAcceptAsync(
                        found -> {
                            RunView view = found.orElseThrow(() -> ApiError.responseNotFound(ResponseId.of(run)));
                            if (order.mode().stream()) {
                                answering.begun(call, wire, view, order);
                            } else {
                                call.answer(200, view.response());
                            }
                        },
                        call.loop());
    }
}
