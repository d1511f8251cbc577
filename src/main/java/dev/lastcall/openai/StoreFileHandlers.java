package dev.lastcall.openai;

import dev.lastcall.vectorstore.AttachedFile;
import dev.lastcall.vectorstore.VectorStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code /v1/vector_stores/{id}/files}: the files of a store. */
@Singleton
final class StoreFileHandlers {
    private static final Set<String> STATES = Set.of("in_progress", "completed", "failed", "cancelled");

    private final VectorStores stores;
    private final int maxBody;

    StoreFileHandlers(VectorStores stores, WireConfig config) {
        this.stores = stores;
        maxBody = Math.toIntExact(config.maxBody().asLongValue());
    }

    CompletionStage<Void> attach(Call call) {
        return RequestBody.read(call, maxBody).thenCompose(buffer -> {
            Fields body = new Fields(Fields.object(buffer));
            body.only(Set.of("file_id", "attributes", "chunking_strategy"));
            String file = body.requiredString("file_id");
            JsonObject attributes = StoreFields.attributes(body.object("attributes"));
            var chunking = StoreFields.chunking(body.object("chunking_strategy"));
            return stores.store(call.tenant(), call.pathId()).thenCompose(store -> {
                if (store.isEmpty()) {
                    throw VectorStoreHandlers.unknown(call);
                }
                return stores.attach(call.tenant(), call.pathId(), file, attributes, chunking)
                        .thenAccept(found -> call.answer(
                                200,
                                StoreJson.of(found.orElseThrow(() -> ApiError.notFound(FileHandlers.FILE, file)))));
            });
        });
    }

    CompletionStage<Void> list(Call call) {
        String state = new Fields(new JsonObject().put("filter", call.query("filter"))).word("filter", STATES);
        return stores.attached(call.tenant(), call.pathId())
                .thenAccept(found -> VectorStoreHandlers.page(
                        call,
                        found.orElseThrow(() -> VectorStoreHandlers.unknown(call)).stream()
                                .filter(each -> state == null
                                        || state.equals(each.status().key()))
                                .toList(),
                        (AttachedFile file) -> StoreJson.of(file)));
    }

    private static ApiError unknown(Call call) {
        return ApiError.notFound("vector_store_file", call.pathFile());
    }

    CompletionStage<Void> get(Call call) {
        return stores.attachedFile(call.tenant(), call.pathId(), call.pathFile())
                .thenAccept(found -> call.answer(200, StoreJson.of(found.orElseThrow(() -> unknown(call)))));
    }

    CompletionStage<Void> change(Call call) {
        return RequestBody.read(call, maxBody)
                .thenCompose(buffer -> {
                    Fields body = new Fields(Fields.object(buffer));
                    body.only(Set.of("attributes"));
                    return stores.changeAttributes(
                            call.tenant(),
                            call.pathId(),
                            call.pathFile(),
                            StoreFields.attributes(body.object("attributes")));
                })
                .thenAccept(found -> call.answer(200, StoreJson.of(found.orElseThrow(() -> unknown(call)))));
    }

    CompletionStage<Void> delete(Call call) {
        return stores.detach(call.tenant(), call.pathId(), call.pathFile()).thenAccept(gone -> {
            if (!gone) {
                throw unknown(call);
            }
            call.answer(
                    200,
                    new JsonObject()
                            .put("id", call.pathFile())
                            .put("object", "vector_store.file.deleted")
                            .put("deleted", true));
        });
    }

    CompletionStage<Void> content(Call call) {
        return stores.chunks(call.tenant(), call.pathId(), call.pathFile()).thenAccept(found -> {
            JsonArray data = new JsonArray();
            found.orElseThrow(() -> unknown(call))
                    .forEach(text ->
                            data.add(new JsonObject().put("type", "text").put("text", text)));
            call.answer(
                    200,
                    new JsonObject()
                            .put("object", "vector_store.file_content.page")
                            .put("data", data)
                            .put("has_more", false)
                            .putNull("next_page"));
        });
    }
}
