package dev.lastcall.openai;

import dev.lastcall.run.event.FileSearchCalls;
import dev.lastcall.tool.RequestTools;
import dev.lastcall.tool.Tool;
import dev.lastcall.vectorstore.VectorStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The tool {@code file_search} of a request: what the client says of it, the function that the model gets, and the search itself. */
@Singleton
final class FileSearch implements RequestTools {
    /** The option in which it is stored with the request. */
    static final String OPTION = "file_search";

    private static final Set<String> MEMBERS =
            Set.of("type", "vector_store_ids", "max_num_results", "filters", "ranking_options");
    private static final String STORES = "vector_store_ids";
    private static final int MOST_STORES = 10;

    private final VectorStores stores;

    FileSearch(VectorStores stores) {
        this.stores = stores;
    }

    /**
     * Reads the tool of a request.
     *
     * @return its members, to be stored; null where there is none
     */
    static @Nullable JsonObject of(@Nullable JsonArray tools, boolean withResults) {
        JsonObject found = null;
        for (int i = 0; tools != null && i < tools.size(); i++) {
            Fields tool = Fields.element(tools, i, "tools");
            if (FileSearchCalls.NAME.equals(tool.string("type"))) {
                if (found != null) {
                    throw ApiError.invalid(tool.name("type"), tool.name("type") + ": a second file_search.");
                }
                tool.only(MEMBERS);
                StoreFields.search(tool, List.of());
                checkStores(tool);
                found = tool.json().copy().put("results", withResults);
            }
        }
        return found;
    }

    private static void checkStores(Fields tool) {
        JsonArray ids = tool.array(STORES);
        if (ids == null || ids.isEmpty() || ids.size() > MOST_STORES) {
            throw ApiError.invalid(tool.name(STORES), tool.name(STORES) + ": 1 to " + MOST_STORES + " ids expected.");
        }
        for (int i = 0; i < ids.size(); i++) {
            if (!(ids.getValue(i) instanceof String)) {
                throw Fields.wrong(tool.name(STORES) + "[" + i + "]", ids.getValue(i), "a string");
            }
        }
    }

    /** The function as the model gets it. */
    static JsonObject function() {
        JsonObject queries = new JsonObject()
                .put("type", "array")
                .put("items", new JsonObject().put("type", "string"))
                .put("description", "What to look for, in words that the documents may have.");
        return new JsonObject()
                .put("type", "function")
                .put("name", FileSearchCalls.NAME)
                .put(
                        "description",
                        "Searches the user's documents and returns passages, each behind the id of its file in brackets."
                                + " Cite what you use by that id, in brackets, directly after the sentence.")
                .put(
                        "parameters",
                        new JsonObject()
                                .put("type", "object")
                                .put("properties", new JsonObject().put("queries", queries))
                                .put("required", new JsonArray().add("queries")));
    }

    /** Fails with a 404 where the tenant has not all stores that a request names; else it names the tenant in the request. */
    CompletionStage<Void> check(JsonObject options, String tenant) {
        JsonObject search = options.getJsonObject(OPTION);
        CompletionStage<Void> checked = CompletableFuture.completedStage(null);
        if (search != null) {
            search.put("tenant", tenant);
            for (Object id : search.getJsonArray(STORES)) {
                checked = checked.thenCompose(before -> stores.store(tenant, (String) id))
                        .thenAccept(found -> {
                            if (found.isEmpty()) {
                                throw ApiError.notFound(VectorStoreHandlers.STORE, (String) id);
                            }
                        });
            }
        }
        return checked;
    }

    @Override
    public Optional<Tool> of(JsonObject options) {
        return Optional.ofNullable(options.getJsonObject(OPTION)).map(search -> new FileSearchTool(stores, search));
    }

    /** The stores of a stored search. */
    static List<String> stores(JsonObject search) {
        List<String> ids = new ArrayList<>();
        search.getJsonArray(STORES).forEach(id -> ids.add((String) id));
        return ids;
    }
}
