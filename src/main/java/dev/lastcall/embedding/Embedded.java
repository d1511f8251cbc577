package dev.lastcall.embedding;

import java.util.List;

/**
 * The vectors of texts, in the order of the texts. Whoever gets them must not change them.
 *
 * @param tokens of all texts together
 */
public record Embedded(List<float[]> vectors, long tokens) {
    public Embedded {
        vectors = List.copyOf(vectors);
    }
}
