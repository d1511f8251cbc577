package dev.lastcall.run.log;

/** What became of an append. */
public sealed interface AppendResult {
    /** It is durable: it may be shown. */
    record Committed() implements AppendResult {}

    /** Another owner has the run, or the run is gone: stop, and show nothing. */
    record Fenced() implements AppendResult {}

    /** Nothing of it is in the log and never will be: the run cannot go on as it is. */
    record Failed(Throwable cause) implements AppendResult {}
}
