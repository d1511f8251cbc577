package dev.lastcall.vectorstore;

/** How many of a store's files are in which state. */
public record FileCounts(int inProgress, int completed, int failed) {
    static final FileCounts NONE = new FileCounts(0, 0, 0);

    /** All of them. */
    public int total() {
        return inProgress + completed + failed;
    }
}
