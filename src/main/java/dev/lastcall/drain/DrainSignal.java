package dev.lastcall.drain;

/**
 * The cancellation of one entry, never unset. A request that is answered once is told when CANCELLING begins, {@code cancel-reserve}
 * before it would be cut, or when its client has left; streams, WebSockets and TCP connections also at the end of {@code stream-patience}.
 * Can be polled and subscribed to. Thread-safe.
 */
public interface DrainSignal {
    /** Whether the work has been told to end. */
    boolean isCancelled();

    /** Whether the client has left, so that nobody would read a last event. */
    boolean clientGone();

    /**
     * Runs the action once when the work is told to end, or at once on the caller's thread if it has been. The action must not block.
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

    /** The signal of the work that is executed right now, to be kept or handed to another thread: an injected one asks at each call. */
    default DrainSignal current() {
        return this;
    }
}
