package dev.lastcall.openai;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.embedding.Embedded;
import dev.lastcall.embedding.EmbeddingModels;
import dev.lastcall.embedding.EmbeddingRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code POST /v1/embeddings}. */
@Singleton
final class EmbeddingHandlers {
    private final EmbeddingModels models;
    private final int maxBody;

    EmbeddingHandlers(EmbeddingModels models, WireConfig config) {
        this.models = models;
        maxBody = Math.toIntExact(config.maxBody().asLongValue());
    }

    CompletionStage<Void> create(Call call) {
        return RequestBody.read(call, maxBody)
                .thenComposeAsync(body -> embed(call, ParsedEmbeddingRequest.of(Fields.object(body))), call.loop());
    }

    private CompletionStage<Void> embed(Call call, ParsedEmbeddingRequest parsed) {
        EmbeddingRequest request = parsed.request();
        if (!models.knows(request.model())) {
            throw ApiError.modelNotFound(request.model());
        }
        CompletableFuture<Embedded> embedded = models.embed(request);
        DrainSignal signal = call.signal();
        // What CANCELLING tells is to end by itself, and does: only a client that left wants nothing more.
        DrainSignal.Registration registration = signal.onCancelled(() -> {
            if (signal.clientGone()) {
                embedded.cancel(false);
            }
        });
        return embedded.whenComplete((done, failure) -> registration.close())
                .thenAccept(done -> call.answer(200, answer(request.model(), done, parsed.base64())));
    }

    private static JsonObject answer(String model, Embedded embedded, boolean base64) {
        JsonArray data = new JsonArray();
        for (int i = 0; i < embedded.vectors().size(); i++) {
            float[] vector = embedded.vectors().get(i);
            data.add(new JsonObject()
                    .put("object", "embedding")
                    .put("index", i)
                    .put("embedding", base64 ? packed(vector) : numbers(vector)));
        }
        return new JsonObject()
                .put("object", "list")
                .put("data", data)
                .put("model", model)
                .put(
                        "usage",
                        new JsonObject()
                                .put("prompt_tokens", embedded.tokens())
                                .put("total_tokens", embedded.tokens()));
    }

    private static JsonArray numbers(float[] vector) {
        JsonArray numbers = new JsonArray();
        for (float each : vector) {
            numbers.add(each);
        }
        return numbers;
    }

    /** Floats of 32 bits, the lowest byte first, as OpenAI's SDKs read them. */
    private static String packed(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
