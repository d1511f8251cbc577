package dev.lastcall.vectorstore;

/** The numbers of a store's files in each state. */
public record FileCounts(int inProgress, int completed, int failed) {
    static final FileCounts NONE = new FileCounts(0, 0, 0);

    /** All of them. */
    public int total() {
        return inProgress + completed + failed;
    }
}
