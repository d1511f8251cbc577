package dev.lastcall.openai;

import dev.lastcall.vectorstore.SearchRequest;
import dev.lastcall.vectorstore.VectorStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** {@code /v1/vector_stores}: the stores and their searches. */
@Singleton
final class VectorStoreHandlers {
    static final String STORE = "vector_store";
    private static final int USUAL_PAGE = 20;
    private static final int LARGEST_PAGE = 100;

    private final VectorStores stores;
    private final int maxBody;

    VectorStoreHandlers(VectorStores stores, WireConfig config) {
        this.stores = stores;
        maxBody = Math.toIntExact(config.maxBody().asLongValue());
    }

    CompletionStage<Void> create(Call call) {
        return RequestBody.read(call, maxBody)
                .thenCompose(buffer -> {
                    // The SDKs send none where there is nothing to say.
                    Fields body = new Fields(buffer.length() == 0 ? new JsonObject() : Fields.object(buffer));
                    body.only(Set.of(
                            "name", "file_ids", "metadata", "chunking_strategy", "expires_after", "description"));
                    checkExpiry(body);
                    body.string("description");
                    return stores.create(
                            call.tenant(),
                            StoreFields.name(body).orElse(""),
                            StoreFields.metadata(body.object("metadata")),
                            StoreFields.fileIds(body),
                            StoreFields.chunking(body.object("chunking_strategy")));
                })
                .thenAccept(made -> call.answer(
                        200,
                        StoreJson.of(made.orElseThrow(() ->
                                ApiError.invalid("file_ids", "file_ids: no such file (POST /v1/files first).")))));
    }

    private static void checkExpiry(Fields body) {
        if (body.has("expires_after")) {
            throw ApiError.unsupported(
                    "expires_after", "expires_after is not supported here; delete the vector store.");
        }
    }

    CompletionStage<Void> list(Call call) {
        return stores.stores(call.tenant()).thenAccept(found -> page(call, found, StoreJson::of));
    }

    static <T> void page(Call call, List<T> newestFirst, Function<T, JsonObject> json) {
        List<JsonObject> oldestFirst = new ArrayList<>();
        newestFirst.forEach(each -> oldestFirst.add(json.apply(each)));
        Collections.reverse(oldestFirst);
        call.answer(200, ListPage.of(oldestFirst, call, USUAL_PAGE, LARGEST_PAGE));
    }

    static ApiError unknown(Call call) {
        return ApiError.notFound(STORE, call.pathId());
    }

    CompletionStage<Void> get(Call call) {
        return stores.store(call.tenant(), call.pathId())
                .thenAccept(found -> call.answer(200, StoreJson.of(found.orElseThrow(() -> unknown(call)))));
    }

    CompletionStage<Void> change(Call call) {
        return RequestBody.read(call, maxBody)
                .thenCompose(buffer -> {
                    Fields body = new Fields(Fields.object(buffer));
                    body.only(Set.of("name", "metadata", "expires_after"));
                    checkExpiry(body);
                    Optional<JsonObject> metadata = body.has("metadata")
                            ? Optional.of(StoreFields.metadata(body.object("metadata")))
                            : Optional.empty();
                    return stores.changeStore(call.tenant(), call.pathId(), StoreFields.name(body), metadata);
                })
                .thenAccept(found -> call.answer(200, StoreJson.of(found.orElseThrow(() -> unknown(call)))));
    }

    CompletionStage<Void> delete(Call call) {
        return stores.deleteStore(call.tenant(), call.pathId()).thenAccept(deleted -> {
            if (!deleted) {
                throw unknown(call);
            }
            call.answer(
                    200,
                    new JsonObject()
                            .put("id", call.pathId())
                            .put("object", "vector_store.deleted")
                            .put("deleted", true));
        });
    }

    CompletionStage<Void> search(Call call) {
        return RequestBody.read(call, maxBody).thenCompose(buffer -> {
            SearchRequest request = StoreFields.search(new Fields(Fields.object(buffer)));
            return stores.search(call.tenant(), call.pathId(), request).thenAccept(found -> {
                JsonArray data = new JsonArray();
                found.orElseThrow(() -> unknown(call)).forEach(hit -> data.add(StoreJson.of(hit)));
                call.answer(
                        200,
                        new JsonObject()
                                .put("object", "vector_store.search_results.page")
                                .put("search_query", new JsonArray(request.queries()))
                                .put("data", data)
                                .put("has_more", false)
                                .putNull("next_page"));
            });
        });
    }
}
