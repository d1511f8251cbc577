package dev.lastcall.openai;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of input items and of their parts: OpenAI's, those that answers from here have besides, and those that OpenAI's SDKs put on an
 * answer's items when they parse them, because clients send items back as they have them.
 */
final class ItemMembers {
    private static final String TYPE = "type";
    private static final String STATUS = "status";
    private static final String CALL_ID = "call_id";
    private static final String CACHE = "prompt_cache_breakpoint";

    private static final Map<String, Set<String>> ITEMS = Map.of(
            "message",
            Set.of(TYPE, "id", STATUS, "role", "content", "name", "phase"),
            "function_call",
            Set.of(
                    TYPE,
                    "id",
                    STATUS,
                    CALL_ID,
                    "name",
                    "arguments",
                    "parsed_arguments",
                    "async",
                    "caller",
                    "created_by",
                    "namespace"),
            "function_call_output",
            Set.of(TYPE, "id", STATUS, CALL_ID, "output", "name", "caller", "created_by", "namespace"),
            "reasoning",
            Set.of(TYPE, "id", STATUS, "summary", "content", "encrypted_content", "origin"),
            "mcp_call",
            Set.of(
                    TYPE,
                    "id",
                    STATUS,
                    CALL_ID,
                    "name",
                    "arguments",
                    "server_label",
                    "output",
                    "error",
                    "approval_request_id"),
            "file_search_call",
            Set.of(TYPE, "id", STATUS, "queries", "results", CALL_ID, "name", "arguments", "output", "files"),
            ItemReferences.TYPE,
            Set.of(TYPE, "id"));

    private static final Map<String, Set<String>> PARTS = Map.of(
            "input_text",
            Set.of(TYPE, "text", CACHE),
            "output_text",
            Set.of(TYPE, "text", "annotations", "logprobs", "parsed", CACHE),
            "refusal",
            Set.of(TYPE, "refusal"),
            "input_image",
            Set.of(TYPE, "image_url", "detail", "file_id", CACHE),
            "input_file",
            Set.of(TYPE, "file_id", "file_data", "file_url", "filename", "detail", CACHE));

    private ItemMembers() {}

    /** @throws ApiError where the item has another member: one that is misspelt would be passed over in silence */
    static void checkItem(Fields item, String type) {
        check(item, ITEMS.get(type));
    }

    /** @throws ApiError the same for a part of an item */
    static void checkPart(Fields part, String type) {
        check(part, PARTS.get(type));
    }

    private static void check(Fields fields, @Nullable Set<String> members) {
        if (members != null) {
            fields.only(members);
        }
    }
}
