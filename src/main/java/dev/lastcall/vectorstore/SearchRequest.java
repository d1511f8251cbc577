package dev.lastcall.vectorstore;

import java.util.List;

/**
 * A search in a vector store.
 *
 * @param queries texts; a chunk counts by the one that it is nearest to
 * @param filter of files by their attributes
 * @param most results
 * @param threshold the least score, 0 to 1
 */
public record SearchRequest(List<String> queries, AttributeFilter filter, int most, double threshold) {
    public SearchRequest {
        queries = List.copyOf(queries);
    }
}
