package dev.lastcall.embedding;

/** A loaded transformer. Used by one thread at a time. */
public interface TransformerSession extends AutoCloseable {
    /**
     * Runs the model on token ids, each row as long as the longest, filled up with zeros.
     *
     * @param ids one row a text
     * @param lengths of the rows without what fills them up
     * @return a vector a text: the mean of its tokens' vectors, of length 1
     */
    float[][] run(long[][] ids, int[] lengths);

    /** Gives back everything that loading has taken outside the heap. */
    @Override
    void close();
}
