package dev.lastcall.openai;

import dev.lastcall.embedding.EmbeddingModels;
import dev.lastcall.run.ModelNames;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code GET /v1/models}: those that the configuration names; the upstream may have more. */
@Singleton
final class ModelList {
    private final List<String> names = new ArrayList<>();
    /** The Unix time since which this service answers in their names; of the models themselves nothing is known. */
    private final long since = System.currentTimeMillis() / 1000;

    ModelList(ModelNames models, EmbeddingModels embeddings) {
        names.addAll(models.all());
        names.addAll(embeddings.names());
    }

    CompletionStage<Void> list(Call call) {
        JsonArray data = new JsonArray();
        names.forEach(name -> data.add(model(name)));
        call.answer(200, new JsonObject().put("object", "list").put("data", data));
        return CompletableFuture.completedFuture(null);
    }

    CompletionStage<Void> get(Call call) {
        if (!names.contains(call.pathId())) {
            throw ApiError.modelNotFound(call.pathId());
        }
        call.answer(200, model(call.pathId()));
        return CompletableFuture.completedFuture(null);
    }

    private JsonObject model(String name) {
        return new JsonObject()
                .put("id", name)
                .put("object", "model")
                .put("created", since)
                .put("owned_by", "lastcall");
    }
}
