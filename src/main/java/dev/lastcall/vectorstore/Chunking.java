package dev.lastcall.vectorstore;

/**
 * The size and the overlap of the chunks that a file is cut into.
 *
 * @param size of a chunk at most, in tokens
 * @param overlap how much of a chunk is repeated in the next one, in tokens; at most half of the size
 */
public record Chunking(int size, int overlap) {
    /** OpenAI's own. */
    public static final Chunking AUTO = new Chunking(800, 400);
}
