package dev.lastcall.drain;

/**
 * "You are to end now", for one entry: true at the end of {@code stream-patience}, at CANCELLING, or when the client is gone. It never
 * becomes false again. Thread-safe; to poll and to subscribe to.
 */
public interface DrainSignal {
    /** Whether the work has been told to end. */
    boolean isCancelled();

    /** Whether the client is gone: nobody reads a farewell any more. */
    boolean clientGone();

    /**
     * Runs the action once when the work is told to end; at once, on the caller's thread, where it has been. The action must not block.
     *
     * @return takes the action back
     */
    Registration onCancelled(Runnable action);

    /**
     * The work breaks its answer off, on purpose and where the client can go on elsewhere: the end of the connection, which is to follow, is
     * not the client's leaving.
     */
    default void breakOff() {}

    /** Takes a registration back; idempotent. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
