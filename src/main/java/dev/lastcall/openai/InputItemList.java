package dev.lastcall.openai;

import dev.lastcall.run.RunView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A page of what a response was asked, with everything that was said before it. */
final class InputItemList {
    private static final int DEFAULT_LIMIT = 20;
    private static final int LARGEST_LIMIT = 100;

    private InputItemList() {}

    static JsonObject of(RunView view, Call call) {
        List<JsonObject> items = items(view);
        if (!"asc".equals(order(call.query("order")))) {
            Collections.reverse(items);
        }
        int from = from(items, call.query("after"));
        int to = Math.min(items.size(), from + limit(call.query("limit")));
        List<JsonObject> page = items.subList(from, to);
        return new JsonObject()
                .put("object", "list")
                .put("data", new JsonArray(new ArrayList<>(page)))
                .put("first_id", page.isEmpty() ? null : page.get(0).getString("id"))
                .put(
                        "last_id",
                        page.isEmpty() ? null : page.get(page.size() - 1).getString("id"))
                .put("has_more", to < items.size());
    }

    /** Items that their client gave no id have one by their place. */
    private static List<JsonObject> items(RunView view) {
        JsonArray input = view.asked().getJsonArray("input");
        List<JsonObject> items = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            JsonObject item = input.getJsonObject(i).copy();
            if (item.getValue("id") == null) {
                item.put("id", "msg_" + view.id().toString().replace("-", "") + "_in" + i);
            }
            if (item.getValue("status") == null && !"reasoning".equals(item.getString("type"))) {
                item.put("status", "completed");
            }
            items.add(item);
        }
        return items;
    }

    private static String order(@Nullable String order) {
        if (order == null || Set.of("asc", "desc").contains(order)) {
            return order == null ? "desc" : order;
        }
        throw ApiError.invalid("order", "order: '" + order + "' (expected: asc or desc).");
    }

    private static int limit(@Nullable String limit) {
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        if (limit.matches("[0-9]{1,3}")) {
            int asked = Integer.parseInt(limit);
            if (asked >= 1 && asked <= LARGEST_LIMIT) {
                return asked;
            }
        }
        throw ApiError.invalid("limit", "limit: '" + limit + "' (expected: 1 to " + LARGEST_LIMIT + ").");
    }

    private static int from(List<JsonObject> items, @Nullable String after) {
        for (int i = 0; after != null && i < items.size(); i++) {
            if (after.equals(items.get(i).getString("id"))) {
                return i + 1;
            }
        }
        if (after == null) {
            return 0;
        }
        throw ApiError.invalid("after", "after: no item has this id.");
    }
}
