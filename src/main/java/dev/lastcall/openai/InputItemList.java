package dev.lastcall.openai;

import dev.lastcall.run.RunView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A page of what a response was asked, with everything that was said before it. */
final class InputItemList {
    private static final int DEFAULT_LIMIT = 20;
    private static final int LARGEST_LIMIT = 100;

    private InputItemList() {}

    static JsonObject of(RunView view, Call call) {
        return ListPage.of(items(view), call, DEFAULT_LIMIT, LARGEST_LIMIT);
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
}
