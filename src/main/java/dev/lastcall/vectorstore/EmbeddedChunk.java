package dev.lastcall.vectorstore;

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
}
