package dev.lastcall.drain;

/** The work behind an entry: its name for people, and how to end it by force. Called from any thread. */
@Internal
public interface Work {
    /** The HTTP method, or the protocol's word for it. */
    String method();

    /** The path template where one is known, else the path without its query. */
    String path();

    /** Ends the work by force, without waiting; called at most once, at the end of CANCELLING. */
    void cut();

    /**
     * Whether the work itself ends its entry once {@link #cut()} has happened, which then counts by what became of it: an answer that was
     * whole by then is no cut.
     */
    default boolean endsItselfWhenCut() {
        return false;
    }
}
