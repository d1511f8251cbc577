package dev.lastcall.vectorstore;

import java.util.List;

/** A chunk with its vector of length 1, which must not be changed. */
final class EmbeddedChunk {
    private final int index;
    private final String text;
    private final float[] vector;

    EmbeddedChunk(int index, String text, float[] vector) {
        this.index = index;
        this.text = text;
        this.vector = vector;
    }

    int index() {
        return index;
    }

    String text() {
        return text;
    }

    float[] vector() {
        return vector;
    }

    /** Returns the bytes that a file's chunks count for in the usage of its store. */
    static long usage(List<EmbeddedChunk> chunks) {
        return chunks.stream()
                .mapToLong(chunk -> 4L * chunk.vector.length + chunk.text.length())
                .sum();
    }
}
