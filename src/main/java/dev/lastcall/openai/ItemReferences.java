package dev.lastcall.openai;

import dev.lastcall.run.RunView;
import dev.lastcall.run.event.HostedCalls;
import dev.lastcall.run.event.ResponseId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces references to items of earlier responses ({@code item_reference}) by the items. The AI SDK sends them in every turn but the
 * first. An item's id has its response's in it, so one look at each response is enough.
 */
final class ItemReferences {
    static final String TYPE = "item_reference";

    private static final String ID = "id";
    /** Responses that one request may refer to: each is a look at the log. */
    private static final int MOST_RESPONSES = 100;

    private final JsonArray input;
    private final Map<UUID, RunView> responses = new LinkedHashMap<>();

    private ItemReferences(JsonArray input) {
        this.input = input;
    }

    /**
     * Resolves the references.
     *
     * @param find looks a tenant's run up
     * @return the input, without references; fails with an {@link ApiError} where an item is not found
     */
    static CompletionStage<JsonArray> resolve(
            JsonArray input, Function<UUID, CompletionStage<Optional<RunView>>> find) {
        ItemReferences references = new ItemReferences(input);
        Map<UUID, String> named = new LinkedHashMap<>();
        for (int i = 0; i < input.size(); i++) {
            String id = reference(input.getJsonObject(i));
            if (id != null) {
                named.putIfAbsent(run(id), id);
            }
        }
        if (named.size() > MOST_RESPONSES) {
            throw ApiError.invalid(
                    "input",
                    "input: refers to items of " + named.size() + " responses (expected: at most " + MOST_RESPONSES
                            + "); send the items themselves, or previous_response_id.");
        }
        CompletionStage<Void> looked = CompletableFuture.completedStage(null);
        for (Map.Entry<UUID, String> each : named.entrySet()) {
            looked = looked.thenCompose(before -> find.apply(each.getKey()))
                    .thenAccept(found -> references.responses.put(
                            each.getKey(),
                            found.filter(RunView::stored).orElseThrow(() -> ApiError.itemNotFound(each.getValue()))));
        }
        return looked.thenApply(done -> named.isEmpty() ? input : references.resolved());
    }

    static boolean areIn(JsonArray input) {
        return input.stream().anyMatch(item -> reference((JsonObject) item) != null);
    }

    private static @Nullable String reference(JsonObject item) {
        return TYPE.equals(item.getString("type")) ? item.getString(ID) : null;
    }

    /** {@code msg_} or {@code fc_}, the digits of the response, and the item's index. */
    private static UUID run(String id) {
        int index = id.lastIndexOf('_');
        return ResponseId.parse(index < 0 ? "" : id.substring(0, index)).orElseThrow(() -> ApiError.itemNotFound(id));
    }

    private JsonArray resolved() {
        JsonArray resolved = new JsonArray();
        for (int i = 0; i < input.size(); i++) {
            JsonObject item = input.getJsonObject(i);
            String id = reference(item);
            resolved.addAll(id == null ? new JsonArray().add(item) : HostedCalls.expand(new JsonArray().add(find(id))));
        }
        return resolved;
    }

    private JsonObject find(String id) {
        RunView response = responses.get(run(id));
        JsonArray output =
                response == null ? new JsonArray() : response.response().getJsonArray("output");
        for (int i = 0; i < output.size(); i++) {
            if (id.equals(output.getJsonObject(i).getString(ID))) {
                return output.getJsonObject(i);
            }
        }
        throw ApiError.itemNotFound(id);
    }
}
