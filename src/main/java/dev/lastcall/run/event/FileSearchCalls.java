package dev.lastcall.run.event;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Searches in the vector stores of a request. The model gets each chunk behind its file's id in brackets and is asked to cite by it; where its
 * text has such an id, the message gets an annotation, as OpenAI's models make them.
 */
public final class FileSearchCalls {
    /** The function that the model calls. */
    public static final String NAME = "file_search";

    private static final Pattern CITATION = Pattern.compile("\\[(file-[0-9A-Za-z]+)]");
    private static final String FILES = "files";
    private static final String OUTPUT = "output";
    private static final String QUERIES = "queries";
    private static final String RESULTS = "results";
    private static final int MOST_QUERIES = 16;

    private FileSearchCalls() {}

    /** Returns the queries of a call; none where its arguments are not those of the function. */
    public static JsonArray queries(String arguments) {
        JsonArray queries = new JsonArray();
        try {
            JsonObject json = new JsonObject(arguments);
            Object given = json.getValue(QUERIES, json.getValue("query"));
            JsonArray all = given instanceof JsonArray array ? array : new JsonArray().add(given);
            all.stream()
                    .filter(each -> each instanceof String text && !text.isBlank())
                    .limit(MOST_QUERIES)
                    .forEach(queries::add);
        } catch (DecodeException e) {
            // A model's mistake, which it is told.
        }
        return queries;
    }

    /**
     * The result of a search as the tool gives it.
     *
     * @param output what the model reads
     * @param files the names of the files that were found, by their ids
     * @param results what the client asked to see; null: nothing
     */
    public static String encode(String output, JsonObject files, @Nullable JsonArray results) {
        return new JsonObject()
                .put(OUTPUT, output)
                .put(FILES, files)
                .put(RESULTS, results)
                .encode();
    }

    /** The members that a result adds to the call's item. */
    public static JsonObject decode(String result) {
        return new JsonObject(result);
    }

    /** The names of all files that were found, by their ids. */
    static Map<String, String> files(JsonArray output) {
        Map<String, String> files = new TreeMap<>();
        for (int i = 0; i < output.size(); i++) {
            JsonObject item = output.getJsonObject(i);
            if (HostedCalls.FILE_SEARCH.equals(item.getString("type"))) {
                item.getJsonObject(FILES, new JsonObject())
                        .forEach(file -> files.put(file.getKey(), String.valueOf(file.getValue())));
            }
        }
        return files;
    }

    /** The annotations of a text: one for each place where it cites a file that was found. */
    static JsonArray annotations(String text, Map<String, String> files) {
        JsonArray annotations = new JsonArray();
        Matcher cited = CITATION.matcher(text);
        while (!files.isEmpty() && cited.find()) {
            String name = files.get(cited.group(1));
            if (name != null) {
                annotations.add(new JsonObject()
                        .put("type", "file_citation")
                        .put("index", cited.start())
                        .put("file_id", cited.group(1))
                        .put("filename", name));
            }
        }
        return annotations;
    }
}
