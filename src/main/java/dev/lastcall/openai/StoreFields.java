package dev.lastcall.openai;

import dev.lastcall.vectorstore.AttributeFilter;
import dev.lastcall.vectorstore.Chunking;
import dev.lastcall.vectorstore.SearchRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the parts of requests that vector stores, their files and their searches have. */
final class StoreFields {
    private static final int MOST_ENTRIES = 16;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 512;
    private static final int MOST_RESULTS = 50;
    private static final int USUAL_RESULTS = 10;
    private static final int MOST_QUERIES = 16;
    private static final int MOST_FILES = 2000;
    private static final int SMALLEST_CHUNK = 100;
    private static final int LARGEST_CHUNK = 4096;

    private StoreFields() {}

    /** The name of a store. Databases keep no NUL. */
    static Optional<String> name(Fields body) {
        String name = body.string("name");
        if (name != null && (name.length() > LONGEST_VALUE || name.indexOf('\0') >= 0)) {
            throw ApiError.wrong(
                    "string_above_max_length",
                    "name",
                    "Invalid 'name': expected at most " + LONGEST_VALUE + " characters, none of them NUL.");
        }
        return Optional.ofNullable(name);
    }

    /** Strings for a store's metadata. */
    static JsonObject metadata(@Nullable Fields metadata) {
        return entries("metadata", metadata, false);
    }

    /** Strings, numbers and booleans for a file's attributes. */
    static JsonObject attributes(@Nullable Fields attributes) {
        return entries("attributes", attributes, true);
    }

    private static JsonObject entries(String name, @Nullable Fields given, boolean kinds) {
        if (given == null) {
            return new JsonObject();
        }
        if (given.json().size() > MOST_ENTRIES) {
            throw ApiError.wrong(
                    "object_above_max_properties",
                    name,
                    "Invalid '" + name + "': too many properties. Expected at most " + MOST_ENTRIES + ", but got "
                            + given.json().size() + " instead.");
        }
        for (Map.Entry<String, Object> entry : given.json()) {
            Object value = entry.getValue();
            boolean finite = value instanceof Number number && Double.isFinite(number.doubleValue());
            if (!(value instanceof String || (kinds && (finite || value instanceof Boolean)))) {
                throw Fields.wrong(
                        given.name(entry.getKey()),
                        value,
                        kinds ? "a string, a number below 1.8e308 or a boolean" : "a string");
            }
            if (entry.getKey().length() > LONGEST_KEY || String.valueOf(value).length() > LONGEST_VALUE) {
                throw ApiError.wrong(
                        "string_above_max_length",
                        name,
                        "Invalid '" + name + "': too long. Expected keys of at most " + LONGEST_KEY
                                + " characters and values of at most " + LONGEST_VALUE + ".");
            }
        }
        return given.json();
    }

    /** Reads the size and the overlap of the chunks that files are cut into. */
    static Chunking chunking(@Nullable Fields strategy) {
        String type = strategy == null ? "auto" : strategy.word("type", Set.of("auto", "static"));
        if (strategy != null) {
            strategy.only("auto".equals(type) ? Set.of("type") : Set.of("type", "static"));
        }
        if (strategy == null || "auto".equals(type)) {
            return Chunking.AUTO;
        }
        Fields given = strategy.object("static");
        if (given == null) {
            throw ApiError.missing(strategy.name("static"), "an object");
        }
        given.only(Set.of("max_chunk_size_tokens", "chunk_overlap_tokens"));
        given.count("max_chunk_size_tokens", SMALLEST_CHUNK, LARGEST_CHUNK);
        Integer size = given.json().getInteger("max_chunk_size_tokens");
        if (size == null) {
            throw ApiError.missing(given.name("max_chunk_size_tokens"), "a whole number");
        }
        return new Chunking(size, given.count("chunk_overlap_tokens", 0, size / 2, size / 2));
    }

    /** The ids of files. */
    static List<String> fileIds(Fields body) {
        JsonArray given = body.array("file_ids");
        if (given != null && given.size() > MOST_FILES) {
            throw ApiError.wrong(
                    "array_above_max_length",
                    "file_ids",
                    "Invalid 'file_ids': " + given.size() + " files. Expected at most " + MOST_FILES + ".");
        }
        List<String> ids = new ArrayList<>();
        for (int i = 0; given != null && i < given.size(); i++) {
            if (!(given.getValue(i) instanceof String id)) {
                throw Fields.wrong("file_ids[" + i + "]", given.getValue(i), "a string");
            }
            ids.add(id);
        }
        return ids;
    }

    /** The body of a search. */
    static SearchRequest search(Fields body) {
        body.only(Set.of("query", "filters", "max_num_results", "ranking_options", "rewrite_query"));
        body.flag("rewrite_query", false);
        return search(body, queries(body.json().getValue("query")));
    }

    /** The same members besides the query, which a tool has too. */
    static SearchRequest search(Fields body, List<String> queries) {
        int most = body.count("max_num_results", 1, MOST_RESULTS, USUAL_RESULTS);
        AttributeFilter filter = SearchFilter.of(body.object("filters"));
        Fields ranking = body.object("ranking_options");
        double threshold = 0;
        if (ranking != null) {
            ranking.only(Set.of("ranker", "score_threshold", "hybrid_search"));
            ranking.string("ranker");
            ranking.number("score_threshold", 0, 1);
            threshold = ranking.has("score_threshold") ? ranking.json().getDouble("score_threshold") : 0;
        }
        return new SearchRequest(queries, filter, most, threshold);
    }

    private static List<String> queries(@Nullable Object query) {
        JsonArray several = query instanceof JsonArray array ? array : new JsonArray();
        List<String> queries = new ArrayList<>();
        if (query instanceof String text) {
            queries.add(text);
        }
        for (int i = 0; i < several.size(); i++) {
            if (!(several.getValue(i) instanceof String text)) {
                throw Fields.wrong("query[" + i + "]", several.getValue(i), "a string");
            }
            queries.add(text);
        }
        if (query != null && !(query instanceof String || query instanceof JsonArray)) {
            throw Fields.wrong("query", query, "a string or an array of strings");
        }
        if (query == null || queries.isEmpty()) {
            throw ApiError.missing("query", "a string or an array of strings");
        }
        if (queries.size() > MOST_QUERIES || queries.stream().anyMatch(String::isBlank)) {
            throw ApiError.invalid("query", "query: expected 1 to " + MOST_QUERIES + " texts that are not blank.");
        }
        return queries;
    }
}
