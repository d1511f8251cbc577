package dev.lastcall.openai;

import dev.lastcall.run.event.FileSearchCalls;
import dev.lastcall.tool.Tool;
import dev.lastcall.tool.ToolAnswer;
import dev.lastcall.vectorstore.SearchHit;
import dev.lastcall.vectorstore.SearchRequest;
import dev.lastcall.vectorstore.VectorStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The search in the vector stores of one request. */
final class FileSearchTool implements Tool {
    private static final int LIMIT_IN_SECONDS = 30;

    private final VectorStores stores;
    private final JsonObject search;

    /** @param search as {@link FileSearch#of} read it */
    FileSearchTool(VectorStores stores, JsonObject search) {
        this.stores = stores;
        this.search = search;
    }

    @Override
    public String name() {
        return FileSearchCalls.NAME;
    }

    @Override
    public JsonObject definition() {
        return FileSearch.function();
    }

    @Override
    public boolean isFileSearch() {
        return true;
    }

    @Override
    public boolean idempotent() {
        return true;
    }

    @Override
    public CompletableFuture<ToolAnswer> call(String key, String arguments) {
        List<String> queries = new ArrayList<>();
        FileSearchCalls.queries(arguments).forEach(query -> queries.add((String) query));
        if (queries.isEmpty()) {
            return CompletableFuture.completedFuture(
                    new ToolAnswer.Failed("no queries (expected: {\"queries\": [\"words to look for\"]})"));
        }
        SearchRequest request = StoreFields.search(new Fields(search), queries);
        CompletionStage<List<SearchHit>> all = CompletableFuture.completedStage(new ArrayList<>());
        for (String store : FileSearch.stores(search)) {
            all = all.thenCombine(stores.search(search.getString("tenant", ""), store, request), (hits, found) -> {
                hits.addAll(found.orElseGet(List::of));
                return hits;
            });
        }
        return all.toCompletableFuture()
                .<ToolAnswer>thenApply(hits -> answer(hits, request.most()))
                .orTimeout(LIMIT_IN_SECONDS, TimeUnit.SECONDS)
                .exceptionally(failure -> new ToolAnswer.Failed("the search failed: " + failure.getMessage()));
    }

    private ToolAnswer answer(List<SearchHit> hits, int most) {
        List<SearchHit> best = hits.stream()
                .sorted(Comparator.comparingDouble(SearchHit::score).reversed())
                .limit(most)
                .toList();
        StringBuilder text = new StringBuilder(best.isEmpty() ? "Nothing was found." : "");
        JsonObject files = new JsonObject();
        JsonArray results = new JsonArray();
        for (SearchHit hit : best) {
            text.append('[')
                    .append(hit.file())
                    .append("] ")
                    .append(hit.filename())
                    .append('\n');
            text.append(hit.text()).append("\n\n");
            files.put(hit.file(), hit.filename());
            results.add(new JsonObject()
                    .put("file_id", hit.file())
                    .put("filename", hit.filename())
                    .put("score", hit.score())
                    .put("attributes", hit.attributes())
                    .put("text", hit.text()));
        }
        boolean seen = search.getBoolean("results", false);
        return new ToolAnswer.Said(FileSearchCalls.encode(text.toString().strip(), files, seen ? results : null));
    }
}
