package dev.lastcall.drain;

/** What an entry counts: enough to name it and to end it by force. Called from any thread. */
public interface Work {
    /** The HTTP method, or the protocol's word for it. */
    String method();

    /** The path template where one is known, else the path without its query. */
    String path();

    /** Ends the work by force, without waiting; called at most once, at the end of CANCELLING. */
    void cut();
}
