package dev.lastcall.vectorstore;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The order of the hits of several queries: each chunk once, with its best score. */
final class HitRanking {
    private static final Comparator<SearchHit> BEST_FIRST = Comparator.comparingDouble(SearchHit::score)
            .reversed()
            .thenComparing(SearchHit::file)
            .thenComparingInt(SearchHit::index);

    private HitRanking() {}

    static List<SearchHit> rank(Collection<SearchHit> found, SearchRequest request) {
        Map<List<Object>, SearchHit> best = new HashMap<>();
        for (SearchHit hit : found) {
            best.merge(
                    List.of(hit.file(), hit.index()), hit, (one, other) -> one.score() >= other.score() ? one : other);
        }
        return best.values().stream()
                .sorted(BEST_FIRST)
                .map(HitRanking::scored)
                .filter(hit -> hit.score() >= request.threshold())
                .limit(request.most())
                .toList();
    }

    /** Texts that have nothing in common may have a cosine below zero. */
    private static SearchHit scored(SearchHit hit) {
        double score = Math.max(0, Math.min(1, hit.score()));
        return new SearchHit(hit.file(), hit.filename(), hit.attributes(), hit.index(), score, hit.text());
    }
}
