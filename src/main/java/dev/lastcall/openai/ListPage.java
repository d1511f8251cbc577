package dev.lastcall.openai;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A page of a list, by {@code order}, {@code after}, {@code before} and {@code limit} as OpenAI's lists have them. */
final class ListPage {
    private ListPage() {}

    /**
     * Cuts a page.
     *
     * @param oldestFirst each with an id
     * @param standard how many where the client says nothing
     * @param most that it may ask for
     */
    static JsonObject of(List<JsonObject> oldestFirst, Call call, int standard, int most) {
        List<JsonObject> items = new ArrayList<>(oldestFirst);
        if (!"asc".equals(order(call.query("order")))) {
            Collections.reverse(items);
        }
        String after = call.query("after");
        String before = call.query("before");
        int from = after == null ? 0 : place("after", items, after) + 1;
        int end = before == null ? items.size() : Math.max(from, place("before", items, before));
        int to = Math.min(end, from + limit(call.query("limit"), standard, most));
        List<JsonObject> page = items.subList(from, to);
        return new JsonObject()
                .put("object", "list")
                .put("data", new JsonArray(new ArrayList<>(page)))
                .put("first_id", page.isEmpty() ? null : page.get(0).getString("id"))
                .put(
                        "last_id",
                        page.isEmpty() ? null : page.get(page.size() - 1).getString("id"))
                .put("has_more", to < end);
    }

    private static String order(@Nullable String order) {
        if (order == null || Set.of("asc", "desc").contains(order)) {
            return order == null ? "desc" : order;
        }
        throw ApiError.invalid("order", "order: '" + order + "' (expected: asc or desc).");
    }

    private static int limit(@Nullable String limit, int standard, int most) {
        if (limit == null) {
            return standard;
        }
        if (limit.matches("[0-9]{1,5}")) {
            int asked = Integer.parseInt(limit);
            if (asked >= 1 && asked <= most) {
                return asked;
            }
        }
        throw ApiError.invalid("limit", "limit: '" + limit + "' (expected: 1 to " + most + ").");
    }

    private static int place(String name, List<JsonObject> items, String id) {
        for (int i = 0; i < items.size(); i++) {
            if (id.equals(items.get(i).getString("id"))) {
                return i;
            }
        }
        throw ApiError.invalid(name, name + ": no item has this id.");
    }
}
